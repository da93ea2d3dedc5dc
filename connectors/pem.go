package connectors

import (
	"encoding/pem"
	"regexp"
	"strings"
)

var (
	pemBlock = regexp.MustCompile(`(?s)-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END ([A-Z0-9 ]+)-----`)
	pemField = regexp.MustCompile(`(?m)^[A-Za-z-]+: .*$`)
)

// pemBlocks reads PEM text (RFC 7468), also when a one-line input field has taken
// its line breaks away, or a shell has written them as \n.
func pemBlocks(text string) (blocks []*pem.Block) {
	text = strings.ReplaceAll(text, `\n`, "\n")
	for _, m := range pemBlock.FindAllStringSubmatch(text, -1) {
		body := m[2]
		head := ""
		if fields := pemField.FindAllString(body, -1); fields != nil {
			head = strings.Join(fields, "\n") + "\n\n"
			body = pemField.ReplaceAllString(body, "")
		} else if strings.Contains(body, "ENCRYPTED") {
			head, body = "Proc-Type: 4,ENCRYPTED\n\n", ""
		}
		body = strings.Join(strings.Fields(body), "\n")
		b, _ := pem.Decode([]byte("-----BEGIN " + m[1] + "-----\n" + head + body + "\n-----END " + m[3] + "-----\n"))
		if b != nil {
			blocks = append(blocks, b)
		}
	}
	return blocks
}
