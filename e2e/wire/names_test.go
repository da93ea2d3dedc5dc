package wire

import (
	"context"
	"net"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// answerNames makes this process ask a name server of its own: whatever ends in
// example.com is this machine, but for a few names that are not.
func answerNames() (stop func(), err error) {
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		buf := make([]byte, 1<<16)
		for {
			n, from, err := server.ReadFrom(buf)
			if err != nil {
				return
			}
			if reply := replyTo(buf[:n]); reply != nil {
				_, _ = server.WriteTo(reply, from)
			}
		}
	}()
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
	return func() { net.DefaultResolver = before; server.Close() }, nil
}

func replyTo(question []byte) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Additionals = true, nil
	address := [4]byte{127, 0, 0, 1}
	switch name := strings.ToLower(q.Name.String()); {
	case name == "flaky.example.com.":
		m.RCode = dnsmessage.RCodeServerFailure
	case name == "intranet.example.com.":
		address = [4]byte{10, 0, 0, 1}
		fallthrough
	case strings.HasSuffix(name, ".example.com.") && name != "nowhere.example.com.":
		if q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1}, Body: &dnsmessage.AResource{A: address}}}
		}
	default:
		m.RCode = dnsmessage.RCodeNameError
	}
	out, _ := m.Pack()
	return out
}
