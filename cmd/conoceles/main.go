// Command conoceles is the whole system: the public site, the desk and the
// commands of whoever operates them. «conoceles --help» lists them.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"conoceles/internal/app"
	"conoceles/internal/config"
	"conoceles/internal/fault"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:]))
}

// commands is the command line, one field per command.
type commands struct {
	Servir       serveCmd       `cmd:"" help:"Sirve el sitio y el escritorio."`
	Migrar       migrateCmd     `cmd:"" help:"Prepara los usuarios y actualiza las tablas de la base de datos."`
	Importar     importCmd      `cmd:"" help:"Importa candidaturas, datos abiertos del INE o secciones."`
	Usuario      userCmd        `cmd:"" help:"Crea o suspende cuentas."`
	Sembrar      seedCmd        `cmd:"" help:"Siembra el proceso de demostración."`
	Rutas        routesCmd      `cmd:"" help:"Lista las rutas con quién puede usarlas."`
	Respaldar    backupCmd      `cmd:"" help:"Respalda la base de datos, cifrada para quien la custodia."`
	Restaurar    restoreCmd     `cmd:"" help:"Restaura un respaldo en una base vacía y comprueba que sea igual."`
	Llaves       keysCmd        `cmd:"" help:"Rota las llaves del cuestionario de identidad."`
	Modo         modeCmd        `cmd:"" help:"Cambia el modo de operación del sitio."`
	Retiros      withdrawalsCmd `cmd:"" help:"Vuelve a aplicar los retiros y las supresiones después de restaurar un respaldo."`
	Conservacion retentionCmd   `cmd:"" help:"Fin de la publicación, bloqueo y supresión de los datos."`
	Revisar      checkCmd       `cmd:"" help:"Revisa el despliegue y lo rechaza si no es seguro."`
	Simulacro    drillCmd       `cmd:"" help:"Ensaya un proceso entero con personas ficticias e incidentes."`
	Expediente   dossierCmd     `cmd:"" help:"Escribe el expediente del sistema: las etapas del artículo 8 y los documentos que aprueba el Consejo."`
	Verificar    verifyCmd      `cmd:"" help:"Vuelve a derivar el sitio, el registro público y la cadena de la bitácora, y dice en qué difieren."`
	Exportar     exportCmd      `cmd:"" help:"Saca del programa el sitio público, como archivos."`
}

// env is what every command receives.
type env struct {
	ctx context.Context
	cfg config.Config
	log *slog.Logger
}

// run parses and runs a command and returns the exit code: 0 done, 1 failed, 2
// badly asked, 3 refused for what the input says.
func run(ctx context.Context, args []string) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("conoceles"), kong.Description("Candidatas y Candidatos, Conóceles."), kong.UsageOnError())
	if err != nil {
		panic(err) // a bad definition above
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		parser.Errorf("%s", err)
		return 2
	}
	cfg, err := config.Load()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	return report(parsed.Run(&env{ctx, cfg, log}))
}

// errDiffers is the failure of verificar: it ran well and found differences.
var errDiffers = errors.New("hay diferencias")

// report says what went wrong, in the words for people where there are some.
func report(err error) int {
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return 0
	case fault.KindOf(err) == fault.Internal:
		fmt.Fprintln(os.Stderr, "conoceles:", err)
		return 1
	default:
		if m := fault.MessageOf(err); m != "" {
			fmt.Fprintln(os.Stderr, m)
		}
		for _, f := range fault.FieldsOf(err) {
			fmt.Fprintf(os.Stderr, "%s: %s\n", f.ID, f.Message)
		}
		return 3
	}
}

// open opens both halves of the program for a command and closes them after fn.
func (e *env) open(fn func(*app.App) error) error {
	a, err := app.Open(e.ctx, e.cfg, e.log, app.Both)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.Close(context.WithoutCancel(e.ctx)))
}
