package demo

import (
	"math/rand/v2"
	"strings"
)

// Sentences that only say what a demonstration may: no place, no name, no promise
// that anybody has made.
var (
	workOpen   = []string{"Trabajo desde hace %d años en una cooperativa de ejemplo.", "He dado clases durante %d años en una escuela imaginaria.", "Durante %d años atendí un taller de prueba.", "Dirigí por %d años una pequeña empresa de muestra."}
	workMore   = []string{"Coordiné a un grupo de personas y llevé las cuentas a la vista de todas.", "Aprendí el oficio desde abajo y después enseñé a quienes llegaron.", "Organicé turnos, compras y reparaciones con poco presupuesto.", "Abrí un registro público de cada gasto para que cualquiera pudiera revisarlo.", "Atendí quejas cada semana y publiqué cómo se resolvió cada una.", "Con el equipo preparé un manual sencillo que otras áreas adoptaron."}
	pathOpen   = []string{"Participo en una asociación vecinal de ejemplo desde hace %d años.", "He sido parte de un comité escolar ficticio durante %d años.", "Llevo %d años en una red de bibliotecas comunitarias de prueba."}
	pathMore   = []string{"Ahí convoqué asambleas, levanté actas y di seguimiento a los acuerdos.", "No he ocupado cargos de elección popular.", "Coordiné jornadas de limpieza y de lectura con trabajo voluntario.", "Representé a mi calle en las mesas de agua y alumbrado.", "Ayudé a redactar un reglamento que se aprobó por consenso.", "Apoyé a personas mayores en trámites y citas médicas."}
	whyOpen    = []string{"Quiero que las decisiones se tomen a la vista de todas y todos.", "Creo que un cargo público sirve para escuchar y resolver.", "Busco que cada peso se explique antes de gastarse.", "Me mueve que los servicios lleguen primero a quien más tarda en recibirlos."}
	whyMore    = []string{"He visto promesas que se olvidan y quiero dejar constancia de cada compromiso.", "Propongo informar cada trimestre, con cifras y en lenguaje claro.", "Voy a recibir propuestas de cualquier persona, sin importar por quién votó.", "No busco hablar por la comunidad, sino que la comunidad tenga dónde hablar.", "Quiero dejar oficinas que funcionen cuando yo ya no esté."}
	planOpen   = []string{"Abrir un centro de cuidado infantil con horario vespertino.", "Publicar cada mes, en formato abierto, el gasto de cada dependencia.", "Reparar la red de agua en las colonias que hoy reciben servicio por tandeo.", "Crear un fondo para talleres de oficio.", "Instalar alumbrado y banquetas accesibles en las rutas escolares."}
	planWho    = []string{"Población objetivo: jóvenes de 15 a 24 años.", "Población objetivo: madres y padres que trabajan.", "Población objetivo: personas mayores y con discapacidad.", "Población objetivo: quienes viven a más de media hora de un servicio."}
	planGoal   = []string{"Meta: mil personas atendidas en el primer año y el doble en el segundo.", "Meta: cubrir la mitad de las localidades en dieciocho meses.", "Meta: reducir a la mitad el tiempo de espera.", "Meta: que todas las oficinas publiquen sus datos."}
	planWhen   = []string{"Plazo: iniciativa en los primeros seis meses y presupuesto etiquetado en el primer ejercicio.", "Plazo: reglas de operación en tres meses y arranque en el segundo semestre.", "Plazo: dieciocho meses a partir de la aprobación, por etapas y con informe público."}
	planHow    = []string{"Se promoverá como política pública con participación de quienes la van a usar.", "Se presentará como iniciativa de ley con un artículo de evaluación anual.", "Se financiará con ahorros en renta y difusión, sin nuevos impuestos.", "Un comité ciudadano revisará las cuentas y publicará sus actas."}
	courses    = []string{"Diplomado en gestión pública de ejemplo", "Curso de presupuesto participativo", "Taller de primeros auxilios", "Curso de lengua náhuatl", "Seminario de transparencia", "Diplomado en derechos humanos"}
	degrees    = []string{"secundaria", "preparatoria", "tecnica", "licenciatura", "licenciatura", "licenciatura", "maestria", "doctorado"}
	degreeEnds = map[string][]string{
		"secundaria": {"certificado"}, "preparatoria": {"certificado", "trunco"}, "tecnica": {"titulo"},
		"licenciatura": {"titulo", "cedula", "cursando", "trunco"}, "maestria": {"titulo", "cedula"}, "doctorado": {"titulo"},
	}
)

// essay joins an opening and sentences of the pools, without repeating one, until
// it has at least the characters asked.
func essay(rng *rand.Rand, atLeast int, pools ...[]string) string {
	var b strings.Builder
	for _, pool := range pools {
		b.WriteString(pool[rng.IntN(len(pool))] + " ")
	}
	last := pools[len(pools)-1]
	for _, i := range rng.Perm(len(last)) {
		if b.Len() >= atLeast {
			break
		}
		if s := last[i]; !strings.Contains(b.String(), s) {
			b.WriteString(s + " ")
		}
	}
	for _, i := range rng.Perm(len(filler)) {
		if b.Len() >= atLeast {
			break
		}
		b.WriteString(filler[i] + " ")
	}
	return strings.TrimSpace(b.String())
}

var filler = []string{
	"Este texto es de demostración y describe a una persona que no existe.",
	"Lo que aquí se lee muestra cómo se verá la información cuando la capture una persona real.",
	"Las cifras y los plazos son inventados y sólo sirven para probar el sistema.",
	"Cualquier parecido con una propuesta verdadera es casualidad.",
}
