package install

import (
	"fmt"
	"net"
	"strconv"

	"pgd/perms"
)

// FirstPort is PostgreSQL's, where the search for a free one begins.
const FirstPort = 5432

// choosePort gives the wanted port, or for 0 the first that no registered site has and nobody listens on.
func choosePort(want int, listen string, taken map[int]string) (int, error) {
	if want != 0 {
		if want < 1 || want > 65535 {
			return 0, &perms.Refusal{Message: fmt.Sprintf("invalid port number: %d", want), Hint: "Ports are 1 to 65535."}
		}
		if name, ok := taken[want]; ok {
			return 0, &perms.Refusal{Message: fmt.Sprintf("port %d is site %q's", want, name), Hint: "Leave --port out: the next free one is chosen."}
		}
		return want, nil
	}
	for port := FirstPort; port < FirstPort+1000; port++ {
		if _, ok := taken[port]; !ok && free(listen, port) {
			return port, nil
		}
	}
	return 0, &perms.Refusal{Message: fmt.Sprintf("no free port from %d on", FirstPort), Hint: "Give one with --port."}
}

func free(listen string, port int) bool {
	host := "127.0.0.1"
	if listen == "*" {
		host = ""
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	l.Close()
	return true
}
