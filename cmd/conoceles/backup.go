package main

import (
	"fmt"
	"time"

	"conoceles/internal/app"
	"conoceles/internal/backup"
	"conoceles/web/es"
)

// backupCmd makes a backup.
type backupCmd struct {
	Dir string `arg:"" help:"Carpeta nueva en la que se guarda."`
}

// Run makes it while everything goes on, and says what it has.
func (c *backupCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		done, err := a.Backup(e.ctx, c.Dir)
		if err != nil {
			return err
		}
		fmt.Printf("Respaldo de las %s en %s: %d tablas, %s, %.1f MB cifrados, en %s.\n",
			es.Clock(done.At), c.Dir, done.Tables, es.Plural(int(done.Rows), "renglón", "renglones"), float64(done.Bytes)/1e6, seconds(done.Took))
		fmt.Println("El llavero y el archivo de retiros no van en él: cópialos por otra vía. Borra llaves.age de los respaldos de más de siete días.")
		return nil
	})
}

// restoreCmd brings a backup back.
type restoreCmd struct {
	Dir                string `arg:"" type:"existingdir" help:"Carpeta del respaldo."`
	Llave              string `required:"" type:"existingfile" help:"Archivo de quien custodia los respaldos."`
	Llaves             string `type:"existingdir" help:"Carpeta de un respaldo más nuevo, de donde se toma llaves.age."`
	RetirosDelRespaldo bool   `help:"Sigue sin el archivo de retiros, que se perdió: usa la copia del respaldo y deja el sitio sin identidad."`
}

// Run restores into an empty database. It serves nothing.
func (c *restoreCmd) Run(e *env) error {
	done, err := app.Restore(e.ctx, e.cfg, e.log, app.RestoreOptions{
		Dir: c.Dir, KeysDir: c.Llaves, Key: c.Llave, MarksOfBackup: c.RetirosDelRespaldo,
	})
	if err != nil {
		return err
	}
	fmt.Printf("Restaurado al corte del %s: %d tablas y %s, sin diferencias con el respaldo.\n",
		es.FullDateTime(done.At), done.Tables, es.Plural(int(done.Rows), "renglón", "renglones"))
	fmt.Printf("Se reaplicaron %s. El sitio se derivó de nuevo (%s) y no difiere del registro.\n",
		es.Plural(done.Reapplied, "retiro o supresión", "retiros o supresiones"), es.Plural(done.Republished, "página", "páginas"))
	fmt.Printf("Revisar: %s. Cargar y comparar: %s. Retiros y sitio: %s. En total: %s.\n",
		seconds(done.Check), seconds(done.Load), seconds(done.Settle), seconds(done.Took))
	if c.RetirosDelRespaldo {
		fmt.Println("El sitio está sin identidad: no se sabe qué se retiró después del respaldo. Cuando se haya revisado: conoceles modo normal")
	}
	return nil
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

type keysBackupCmd struct {
	Archivo string `arg:"" help:"Dónde guardar la parte privada. Entrégala a quien custodia y bórrala de aquí."`
}

// Run makes a key. It needs no database.
func (c *keysBackupCmd) Run(*env) error {
	public, err := backup.NewCustodian(c.Archivo)
	if err == nil {
		fmt.Printf("%s\n", public)
	}
	return err
}
