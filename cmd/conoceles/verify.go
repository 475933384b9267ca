package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"conoceles/internal/app"
	"conoceles/web/es"
)

// verifyCmd writes again everything that can be written again, and compares: the
// site from the desk, the public register from what was published, the chain of the
// bitácora from its entries.
type verifyCmd struct {
	JSON   bool   `name:"json" help:"En JSON."`
	Sellos string `help:"Otro archivo de sellos guardado fuera de la base, para compararlo también." type:"existingfile" placeholder:"ARCHIVO"`
}

// verdict is what verificar says.
type verdict struct {
	Differences int      `json:"diferencias"`
	What        []string `json:"detalle"`
	Leaves      int64    `json:"hojas"`
	Entries     int64    `json:"asientos"`
	Pending     int64    `json:"por_encadenar"`
	Kept        int      `json:"sellos_fuera_de_la_base"`
}

// Run prints each difference and fails if there is any.
func (c *verifyCmd) Run(e *env) error {
	return e.open(func(a *app.App) error {
		v, err := c.verify(e.ctx, a)
		if err != nil {
			return err
		}
		if c.JSON {
			if err := json.NewEncoder(os.Stdout).Encode(v); err != nil {
				return err
			}
		} else {
			v.print()
		}
		if v.Differences > 0 {
			return errDiffers
		}
		return nil
	})
}

func (c *verifyCmd) verify(ctx context.Context, a *app.App) (verdict, error) {
	v := verdict{What: []string{}}
	site, err := a.Publisher.Verify(ctx, a.Desk)
	if err != nil {
		return v, err
	}
	for _, d := range site {
		v.What = append(v.What, fmt.Sprintf("proceso %d, candidatura %d: %s", d.Process, d.Candidacy, d.What))
	}
	log, err := a.VerifyRegister(ctx, c.Sellos)
	if err != nil {
		return v, err
	}
	v.What = append(v.What, log.What...)
	v.Leaves, v.Entries, v.Pending, v.Kept = log.Leaves, log.Entries, log.Pending, log.Kept
	v.Differences = len(v.What)
	return v, nil
}

func (v verdict) print() {
	for _, what := range v.What {
		fmt.Println(what)
	}
	fmt.Printf("Registro público: %s. Bitácora: %s encadenados, %d por encadenar. Sellos fuera de la base: %d.\n",
		es.Plural(int(v.Leaves), "hoja", "hojas"), es.Plural(int(v.Entries), "asiento", "asientos"), v.Pending, v.Kept)
	fmt.Printf("Diferencias: %d\n", v.Differences)
}
