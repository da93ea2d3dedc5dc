package connectors

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

// ParseHosts reads the hosts a credential may be sent to, separated by spaces,
// commas or lines. A whole address counts as its host; "*.acme.io" covers every
// host below acme.io. The second value says what is wrong, or "".
func ParseHosts(text string) ([]string, string) {
	var hosts []string
	for _, entry := range strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(", \t\r\n;", c) }) {
		host, wrong := parseHost(entry)
		if wrong != "" {
			return nil, wrong
		}
		if !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts, ""
}

// HostOf is the host of a URL, as ParseHosts writes it; "" when there is none.
func HostOf(rawURL string) string {
	u, err := url.Parse(strings.TrimSpace(rawURL))
	if err != nil || u.Hostname() == "" {
		return ""
	}
	return hostPort(u)
}

func parseHost(entry string) (string, string) {
	raw := entry
	if !strings.Contains(entry, "://") {
		raw = "https://" + entry
	}
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return "", fmt.Sprintf("“%s” is not a host: write it like api.example.com", entry)
	}
	host := u.Hostname()
	base, wild := strings.CutPrefix(host, "*.")
	if strings.Contains(base, "*") || wild && !strings.Contains(base, ".") {
		return "", fmt.Sprintf("“%s” would cover too much: a star stands for the names below one host, like *.example.com", entry)
	}
	if !wild && !strings.Contains(base, ".") && !strings.Contains(base, ":") && base != "localhost" && u.Port() == "" && !strings.Contains(entry, "://") {
		return "", fmt.Sprintf("“%s” is not a whole host name: write it like api.example.com, or with its port", entry)
	}
	written := hostPort(u)
	if wild {
		u.Host = base
		if p := u.Port(); p != "" {
			u.Host += ":" + p
		}
		written = "*." + strings.TrimPrefix(written, "*.")
	}
	return written, ""
}

// hostPort is u's host in lower case, with its port unless that is the scheme's own.
func hostPort(u *url.URL) string {
	host := asciiHost(u.Hostname())
	port := u.Port()
	if port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return join(host, port)
}

func asciiHost(host string) string {
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if strings.Trim(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == "" {
		return host
	}
	if a, err := idna.Lookup.ToASCII(host); err == nil {
		return a
	}
	return host
}

// bound reports whether hosts name u's host. Without a port an entry means the usual ones.
func bound(hosts []string, u *url.URL) bool {
	at := hostPort(u)
	for _, h := range hosts {
		if h == at {
			return true
		}
		if below, ok := strings.CutPrefix(h, "*"); ok && strings.HasSuffix(at, below) && len(at) > len(below) {
			return true
		}
	}
	return false
}
