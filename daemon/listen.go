package daemon

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"golang.org/x/sys/unix"

	"pgd/daemon/handoff"
	"pgd/perms"
)

// listener is one listening socket.
type listener struct {
	net.Listener
	address string // "127.0.0.1" of TCP
	port    string
	unixDir string // of a Unix socket
	path    string
	given   bool // by systemd: its file is not ours to remove
	lock    *os.File
}

// listen opens what the settings name, or takes what systemd has opened already.
func (p *postmaster) listen() error {
	given, err := p.activated()
	if err != nil || given {
		return err
	}
	if err := p.listenUnix(); err != nil {
		return err
	}
	if err := p.listenTCP(); err != nil {
		return err
	}
	if len(p.listeners) == 0 {
		return &perms.Refusal{Message: "no socket to listen on: listen_addresses and unix_socket_directories are both empty",
			Hint: "Set one of them in pgd.conf."}
	}
	return nil
}

// activated takes the sockets of systemd's socket activation in place of those of the settings.
func (p *postmaster) activated() (bool, error) {
	for _, f := range activation.Files(true) {
		l, err := net.FileListener(f)
		if err != nil {
			f.Close()
			return true, fmt.Errorf("socket %s given by the service manager: %w", f.Name(), err)
		}
		f.Close()
		out := &listener{Listener: l, given: true}
		switch a := l.Addr().(type) {
		case *net.TCPAddr:
			out.address, out.port = a.IP.String(), strconv.Itoa(a.Port)
		case *net.UnixAddr:
			out.path = a.Name
			out.unixDir = dirOf(a.Name)
			l.(*net.UnixListener).SetUnlinkOnClose(false)
		}
		p.listeners = append(p.listeners, out)
	}
	return len(p.listeners) > 0, nil
}

func dirOf(path string) string {
	for i := len(path) - 1; i > 0; i-- {
		if path[i] == '/' {
			return path[:i]
		}
	}
	return "/"
}

// listenTCP opens the addresses of listen_addresses. Multipath TCP stays off: Landlock's rules do not see it.
func (p *postmaster) listenTCP() error {
	port := p.values.Get("port")
	config := net.ListenConfig{KeepAlive: -1}
	config.SetMultipathTCP(false)
	var last error
	any := false
	for _, host := range p.values.List("listen_addresses") {
		any = true
		network, addresses, err := resolve(host)
		if err != nil {
			last = err
			p.log.Warnf(`could not create listen socket for "%s": %v`, host, err)
			continue
		}
		for _, a := range addresses {
			l, err := config.Listen(context.Background(), network, net.JoinHostPort(a, port))
			switch {
			case errors.Is(err, unix.EADDRINUSE):
				return &perms.Refusal{Message: fmt.Sprintf("could not bind address %q, port %s: Address already in use", host, port),
					Hint: fmt.Sprintf("Is another server running on port %s? See who has it: ss -ltnp 'sport = :%s'. Another port is set by port in pgd.conf.", port, port)}
			case errors.Is(err, unix.EACCES):
				return &perms.Refusal{Message: fmt.Sprintf("could not bind address %q, port %s: Permission denied", host, port),
					Hint: "Ports below 1024 are root's: set port in pgd.conf to a higher one."}
			case err != nil:
				last = err
				p.log.Warnf(`could not create listen socket for "%s": %v`, host, err)
				continue
			}
			p.listeners = append(p.listeners, &listener{Listener: l, address: a, port: port})
		}
	}
	for _, l := range p.listeners {
		if l.address != "" {
			return nil
		}
	}
	if any {
		return fmt.Errorf("could not create any TCP/IP sockets: %w", last)
	}
	return nil
}

// resolve turns one element of listen_addresses into addresses and the network they are of.
func resolve(host string) (network string, addresses []string, err error) {
	switch host {
	case "*":
		return "tcp", []string{""}, nil
	case "0.0.0.0":
		return "tcp4", []string{host}, nil
	case "::":
		return "tcp6", []string{host}, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	list, err := net.DefaultResolver.LookupHost(ctx, host)
	if err != nil {
		return "", nil, err
	}
	seen := map[string]bool{}
	for _, a := range list {
		if !seen[a] {
			seen[a] = true
			addresses = append(addresses, a)
		}
	}
	return "tcp", addresses, nil
}

func (p *postmaster) logListeners() {
	for _, l := range p.listeners {
		how := ""
		if l.given {
			how = ", given by the service manager"
		}
		switch {
		case l.path != "":
			p.log.Infof(`listening on Unix socket "%s"%s`, l.path, how)
		case l.address == "":
			p.log.Infof("listening on all addresses, port %s%s", l.port, how)
		default:
			family := "IPv4"
			if ip := net.ParseIP(l.address); ip != nil && ip.To4() == nil {
				family = "IPv6"
			}
			p.log.Infof(`listening on %s address "%s", port %s%s`, family, l.address, l.port, how)
		}
	}
}

func (p *postmaster) addresses() (out []string) {
	for _, l := range p.listeners {
		if l.path != "" {
			out = append(out, l.path)
		} else {
			out = append(out, net.JoinHostPort(l.address, l.port))
		}
	}
	return out
}

// closeListeners stops taking clients and removes the Unix sockets. Their goroutines end.
func (p *postmaster) closeListeners() {
	for _, l := range p.listeners {
		l.Close()
		if l.lock != nil {
			_ = os.Remove(l.path)
			_ = os.Remove(l.lock.Name())
			l.lock.Close()
		}
	}
	p.listeners = nil
}

// accept takes clients and posts them to the loop.
func (l *listener) accept(p *postmaster) {
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			// Out of descriptors or memory: what is closed meanwhile helps, spinning does not.
			p.post(func() { p.log.Errorf("could not accept new connection: %v", err) })
			time.Sleep(100 * time.Millisecond)
			continue
		}
		a, err := arrive(c)
		if err != nil {
			continue // it has gone again
		}
		p.post(func() { p.admit(a) })
	}
}

// arrive takes a client's socket out of the runtime's hands and notes where it comes from.
func arrive(c net.Conn) (*arrival, error) {
	defer c.Close()
	a := &arrival{client: handoff.Client{Accepted: time.Now()}}
	var err error
	switch c := c.(type) {
	case *net.TCPConn:
		_ = c.SetKeepAlive(true) // as PostgreSQL; how often is tcp_keepalives_idle's affair
		a.client.Remote, a.client.Server = c.RemoteAddr().String(), c.LocalAddr().String()
		a.socket, err = c.File()
	case *net.UnixConn:
		a.client.Local = true
		a.socket, err = c.File()
		if err == nil {
			var cred *unix.Ucred
			if cred, err = unix.GetsockoptUcred(int(a.socket.Fd()), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
				a.client.PeerUID, a.client.PeerGID = cred.Uid, cred.Gid
			} else {
				a.socket.Close()
			}
		}
	default:
		err = errors.New("unknown kind of connection")
	}
	return a, err
}
