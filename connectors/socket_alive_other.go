//go:build !unix

package connectors

import "net"

// alive cannot tell here: the request finds out.
func alive(net.Conn) bool { return true }
