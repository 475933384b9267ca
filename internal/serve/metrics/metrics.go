// Package metrics counts what the program answers, for whoever watches over it.
//
// What it tells is fixed: the pattern of a route, never its path; the method; the
// status. It is served by a listener of its own (CONOCELES_METRICS_ADDR), which no
// proxy leads to, and never by that of the people.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"conoceles/internal/serve"
)

// Metrics is what is counted. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// New returns metrics in which nothing was counted yet.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "conoceles_peticiones_total", Help: "Peticiones contestadas, por ruta, método y estado.",
		}, []string{"ruta", "metodo", "estado"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "conoceles_peticion_segundos", Help: "Cuánto tardó cada respuesta, por ruta.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10, 30},
		}, []string{"ruta"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Observe counts an answer: it is the Observe of serve.Options.
func (m *Metrics) Observe(a serve.Answered) {
	m.requests.WithLabelValues(a.Pattern, a.Method, strconv.Itoa(a.Status)).Inc()
	m.seconds.WithLabelValues(a.Pattern).Observe(a.Took.Seconds())
}

// Pool tells of a pool of connections, under its name: how many there are, how
// many are in use, how many requests had to wait for one.
func (m *Metrics) Pool(name string, stat func() (total, used int32, waited int64)) {
	label := prometheus.Labels{"mitad": name}
	gauge := func(metric, help string, value func() float64) {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: metric, Help: help, ConstLabels: label}, value))
	}
	gauge("conoceles_conexiones", "Conexiones abiertas con la base de datos.", func() float64 { total, _, _ := stat(); return float64(total) })
	gauge("conoceles_conexiones_en_uso", "Conexiones en uso.", func() float64 { _, used, _ := stat(); return float64(used) })
	gauge("conoceles_conexiones_esperadas", "Peticiones que esperaron una conexión.", func() float64 { _, _, waited := stat(); return float64(waited) })
}

// Watch tells of something that is watched, under its key: its amount, and whether
// it is an alarm.
func (m *Metrics) Watch(key string, read func() (amount float64, raised bool)) {
	label := prometheus.Labels{"cual": key}
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "conoceles_vigilado", Help: "Lo que se vigila: fracción ocupada del disco, segundos de lo demás.", ConstLabels: label,
	}, func() float64 { amount, _ := read(); return amount }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "conoceles_alarma", Help: "1 si lo que se vigila pasó de su límite.", ConstLabels: label,
		}, func() float64 {
			if _, raised := read(); raised {
				return 1
			}
			return 0
		}))
}

// Handler answers /metrics and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Timeout: 10 * time.Second}))
	return mux
}
