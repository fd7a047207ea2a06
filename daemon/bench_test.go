package daemon

import (
	"bufio"
	"net"
	"testing"
)

// BenchmarkConnect measures one connection from connect to the backend's first line, with the process that serves it.
func BenchmarkConnect(b *testing.B) {
	s := newSite(b, "log_min_messages = warning\n")
	s.start()
	for b.Loop() {
		c, err := net.Dial("unix", s.sock)
		if err != nil {
			b.Fatal(err)
		}
		if line, err := bufio.NewReader(c).ReadString('\n'); err != nil || line[:5] != "HELLO" {
			b.Fatal(line, err)
		}
		c.Close()
	}
}
