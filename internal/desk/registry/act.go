package registry

// ActKind is a class of act of the registry.
type ActKind string

// The acts. Their values are those of the database and of the addresses.
const (
	Substitution     ActKind = "sustitucion"
	Resignation      ActKind = "renuncia"
	Death            ActKind = "fallecimiento"
	Cancellation     ActKind = "cancelacion"
	Reinstatement    ActKind = "restitucion"
	Correction       ActKind = "correccion"
	SigladoChange    ActKind = "cambio_siglado"
	Elected          ActKind = "electa"
	PublicationStart ActKind = "inicio_publicacion"
)
