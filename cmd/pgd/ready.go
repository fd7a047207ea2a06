package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pgd/install/settings"
	"pgd/install/site"
)

// readiness is the exit status of pgd ready, which is pg_isready's.
type readiness int

const (
	readyAccepting readiness = iota
	readyRejecting
	readyNoAnswer
	readyNotTried
)

var readinessNames = [...]string{"accepting connections", "rejecting connections", "no response", "no attempt"}

func readyCommand() *cobra.Command {
	var (
		host, dir string
		port      int
		timeout   int
		quiet     bool
	)
	c := &cobra.Command{
		Use:   "ready [NAME]",
		Short: "Say whether a site accepts connections",
		Long: "Say whether a site accepts connections, by asking it as a client would. With --host and --port any server of PostgreSQL's protocol is asked.\n\n" +
			"Exit status: 0 accepting, 1 rejecting (it starts or stops), 2 no answer, 3 not tried.",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if host == "" {
				t, err := siteOf(args, dir)
				if err != nil {
					complain(err)
					return status(readyNotTried)
				}
				host, port = whereIs(t, port)
			} else if len(args) > 0 || dir != "" {
				printLines("error", "give either a site or --host")
				return status(readyNotTried)
			}
			if port == 0 {
				port = 5432
			}
			r := readyNotTried
			if port > 0 && port < 65536 && timeout >= 0 {
				r = ask(host, port, time.Duration(timeout)*time.Second)
			}
			if !quiet {
				fmt.Printf("%s:%d - %s\n", host, port, readinessNames[r])
			}
			if r == readyAccepting {
				return nil
			}
			return status(r)
		},
	}
	f := c.Flags()
	f.Bool("help", false, "help for ready")
	f.StringVarP(&host, "host", "h", "", "host name, address or socket directory")
	f.IntVarP(&port, "port", "p", 0, "port")
	f.StringVar(&dir, "dir", "", "directory of the site, in place of its name")
	f.IntVarP(&timeout, "timeout", "t", 3, "seconds to wait; 0 for no limit")
	f.BoolVarP(&quiet, "quiet", "q", false, "print nothing")
	return c
}

// whereIs says where a site listens, or would listen.
func whereIs(t target, port int) (string, int) {
	d := site.Dir(t.dir)
	if p, err := d.ReadPID(); err == nil && (p.SocketDir != "" || p.Listen != "") {
		if p.SocketDir != "" {
			return p.SocketDir, p.Port
		}
		return p.Listen, p.Port
	}
	v, _ := settings.Load(d.Path(site.ConfigFile), d.Path(site.AutoConfigFile), nil)
	if port == 0 {
		port = int(v.Int("port"))
	}
	if dirs := v.List("unix_socket_directories"); len(dirs) > 0 {
		return dirs[0], port
	}
	return "localhost", port
}

// ask sends a startup packet and looks at the first answer: anything but "starting up" and the like means that connections are
// accepted, whoever may or may not come in.
func ask(host string, port int, timeout time.Duration) readiness {
	network, address := "tcp", net.JoinHostPort(host, strconv.Itoa(port))
	if strings.HasPrefix(host, "/") {
		network, address = "unix", filepath.Join(host, ".s.PGSQL."+strconv.Itoa(port))
	}
	conn, err := net.DialTimeout(network, address, timeout)
	if err != nil {
		return readyNoAnswer
	}
	defer conn.Close()
	if timeout > 0 {
		_ = conn.SetDeadline(time.Now().Add(timeout))
	}
	body := "user\x00pgd_ready\x00database\x00postgres\x00\x00"
	packet := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	packet = binary.BigEndian.AppendUint32(packet, 3<<16)
	if _, err := conn.Write(append(packet, body...)); err != nil {
		return readyNoAnswer
	}
	var head [5]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return readyNoAnswer
	}
	n := binary.BigEndian.Uint32(head[1:])
	switch {
	case head[0] == 'R':
		return readyAccepting
	case head[0] != 'E' || n < 4 || n > 30000:
		return readyNoAnswer
	}
	fields := make([]byte, n-4)
	if _, err := io.ReadFull(conn, fields); err != nil {
		return readyNoAnswer
	}
	for _, f := range strings.Split(string(fields), "\x00") {
		if f == "C57P03" {
			return readyRejecting
		}
	}
	return readyAccepting
}
