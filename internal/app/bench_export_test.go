package app_test

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// copiedRows is a whole election of one state.
const copiedRows = 5_000

// BenchmarkExport copies the site of a whole election to files.
func BenchmarkExport(b *testing.B) {
	s := seed(copiedRows, time.Now).stage(b)
	dir := b.TempDir()
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		sum, err := s.app.Export(b.Context(), filepath.Join(dir, strconv.Itoa(i)), "")
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(time.Since(start).Seconds(), "copiar-s")
		b.ReportMetric(float64(sum.Files), "archivos")
		b.ReportMetric(float64(sum.Bytes)/(1<<20), "MiB")
	}
}
