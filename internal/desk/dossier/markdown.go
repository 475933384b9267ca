package dossier

import "strings"

// Markdown returns the document as Markdown.
func (d Document) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + d.Name + "\n\n" + d.Lead() + "\n")
	for _, block := range d.Blocks {
		b.WriteByte('\n')
		switch {
		case block.Heading != "" && block.Sub:
			b.WriteString("### " + block.Heading + "\n")
		case block.Heading != "":
			b.WriteString("## " + block.Heading + "\n")
		case block.Table != nil:
			block.Table.markdown(&b)
		case block.Items != nil:
			b.WriteString("- " + strings.Join(block.Items, "\n- ") + "\n")
		default:
			b.WriteString(block.Text + "\n")
		}
	}
	return b.String()
}

func (t Table) markdown(b *strings.Builder) {
	cell := strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;")
	row := func(cells []string) {
		for _, c := range cells {
			b.WriteString("| " + cell.Replace(c) + " ")
		}
		b.WriteString("|\n")
	}
	row(t.Head)
	b.WriteString(strings.Repeat("|---", len(t.Head)) + "|\n")
	for _, r := range t.Rows {
		row(r)
	}
}
