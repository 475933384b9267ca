package questionnaire

import (
	"net/url"
	"strings"
)

const (
	maxEmail = 254
	maxLink  = 2048
	maxOther = 120 // words beside «Otra»
)

// normal writes a clean line the way its kind keeps it. What it does not
// understand stays as typed, for Check to explain and the person to correct.
func normal(k Kind, line string) string {
	switch k {
	case Phone:
		return normalPhone(line)
	case Email:
		if name, host, ok := strings.Cut(line, "@"); ok {
			return name + "@" + strings.ToLower(host)
		}
	case Link:
		return normalLink(line)
	case Postal:
		return strings.ReplaceAll(line, " ", "")
	}
	return line
}

// normalPhone keeps the ten digits of a Mexican number, however punctuated and
// with or without +52 (and the 1 that mobiles had before it until 2019).
func normalPhone(line string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -().\u00A0", r) {
			return -1
		}
		return r
	}, line)
	for _, prefix := range []string{"+521", "+52", "52"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok && isDigits(rest, 10) {
			return rest
		}
	}
	if isDigits(digits, 10) {
		return digits
	}
	return line
}

// normalLink adds the scheme that people leave out, when what follows could be
// the name of a site.
func normalLink(line string) string {
	host, _, _ := strings.Cut(line, "/")
	if !strings.Contains(line, "://") && isHost(strings.ToLower(host)) {
		return "https://" + line
	}
	return line
}

func isDigits(s string, n int) bool {
	return len(s) == n && strings.Trim(s, "0123456789") == ""
}

// isEmail accepts the addresses that real mail uses: no quotes, comments or
// address literals.
func isEmail(s string) bool {
	name, host, _ := strings.Cut(s, "@")
	if len(s) > maxEmail || len(name) == 0 || len(name) > 64 || !isHost(strings.ToLower(host)) {
		return false
	}
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, ".") || strings.Contains(name, "..") {
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("!#$%&'*+/=?^_`{|}~.-", r)
	})
}

// isLink accepts http and https addresses of named public sites: no user
// names, ports, IP addresses, nor letters that imitate other letters.
func isLink(s string) bool {
	if len(s) > maxLink || strings.ContainsAny(s, " \\\"<>^`{|}") {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.User != nil || u.Opaque != "" {
		return false
	}
	return isHost(strings.ToLower(u.Host))
}

// isHost reports whether s is the lower-case ASCII name of a site, with a top
// level domain of letters.
func isHost(s string) bool {
	labels := strings.Split(s, ".")
	if len(s) > 253 || len(labels) < 2 {
		return false
	}
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return r != '-' && !isAlphanumeric(r) }) {
			return false
		}
	}
	last := labels[len(labels)-1]
	return len(last) >= 2 && !strings.ContainsAny(last[:1], "0123456789")
}

func isAlphanumeric(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// onHosts reports whether a link leads to one of the hosts or below it.
func onHosts(link string, hosts []string) bool {
	u, err := url.Parse(link)
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Host)
	for _, h := range hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return len(hosts) == 0
}

// isPhotoHash reports whether s is a SHA-256 in lower-case hexadecimal.
func isPhotoHash(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
