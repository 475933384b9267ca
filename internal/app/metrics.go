package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"syscall"

	"conoceles/internal/config"
	"conoceles/internal/serve"
	"conoceles/internal/serve/metrics"
)

// firstPassed is the descriptor of the first socket that systemd passes.
const firstPassed = 3

// listen opens an address that a variable of the environment names.
func listen(addr, variable string) (net.Listener, error) {
	if addr == config.FromSystemd {
		l, err := net.FileListener(os.NewFile(firstPassed, "systemd"))
		if err != nil {
			return nil, fmt.Errorf("systemd no entregó una dirección donde escuchar; revisa que conoceles.socket exista y esté activo: %w", err)
		}
		return l, nil
	}
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("en %s ya escucha otro programa; detenlo, o elige otra dirección con %s", addr, variable)
	}
	if err != nil {
		return nil, fmt.Errorf("escuchar en %s: %w", addr, err)
	}
	return l, nil
}

// observe counts an answer, if somebody counts.
func (a *App) observe(answered serve.Answered) {
	if m := a.counted.Load(); m != nil {
		m.Observe(answered)
	}
}

// serveMetrics serves what is counted where the configuration says, apart from
// people and without logging who asks. The function that it returns ends it.
func (a *App) serveMetrics(ctx context.Context) (func() error, error) {
	if a.Config.MetricsAddr == "" {
		return func() error { return nil }, nil
	}
	l, err := listen(a.Config.MetricsAddr, "CONOCELES_METRICS_ADDR")
	if err != nil {
		return nil, err
	}
	m := metrics.New()
	if a.Site != nil {
		m.Pool("sitio", a.Site.Stat)
	}
	if a.Desk != nil {
		m.Pool("escritorio", a.Desk.Stat)
		a.countAlarms(m)
	}
	a.counted.Store(m)
	ctx, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- serve.Run(ctx, serve.NewServer(a.Config.MetricsAddr, m.Handler(), a.Log), l) }()
	return func() error { stop(); return <-ended }, nil
}
