package election

import (
	"sync"
	"time"
	_ "time/tzdata" // the zone must exist on every machine
)

// Zone is the zone of people, America/Mexico_City. Rows keep UTC.
var Zone = sync.OnceValue(func() *time.Location {
	z, err := time.LoadLocation("America/Mexico_City")
	if err != nil {
		panic(err) // the zone data is embedded
	}
	return z
})
