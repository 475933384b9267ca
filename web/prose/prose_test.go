package prose_test

import (
	"strings"
	"testing"

	"conoceles/web/prose"
)

func TestATextIsDrawnAndNothingElse(t *testing.T) {
	tests := []struct {
		name, text string
		want       string
		never      string
	}{
		{"heading", "## Finalidades", "<h2>Finalidades</h2>", ""},
		{"list", "- una\n- dos", "<li>dos</li>", ""},
		{"link", "[el aviso](/privacidad/integral)", `<a href="/privacidad/integral">`, ""},
		{"script", "antes <script>alert(1)</script> después", "después", "script>"},
		{"handler", `<p onclick="x()">texto</p>`, "", "onclick"},
		{"script address", "[aquí](javascript:alert(1))", "aquí", "javascript"},
		{"image", "![foto](https://example.org/x.png)", "", "<img"},
		{"style", `<span style="display:none">oculto</span>`, "", "style="},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := prose.HTML(tt.text)
			if !strings.Contains(got, tt.want) {
				t.Errorf("got %q, want it to hold %q", got, tt.want)
			}
			if tt.never != "" && strings.Contains(got, tt.never) {
				t.Errorf("got %q, which holds %q", got, tt.never)
			}
		})
	}
}
