package site

// NewCatalog returns the catalogue made of the lists of c, which nobody may
// change afterwards. It is for the preview of a ficha that is not yet public: the
// desk fills the lists and the public components draw them.
func NewCatalog(c Catalog) *Catalog {
	c.index()
	return &c
}
