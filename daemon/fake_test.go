package daemon

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"pgd/daemon/handoff"
	"pgd/daemon/logging"
	"pgd/install/settings"
	"pgd/install/site"
)

// The test binary is also every process of the sites the tests run: the real postmaster, and children that speak a
// language of lines in place of PostgreSQL's protocol.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case handoff.ArgPostmaster:
			os.Exit(runMain(Options{Version: "test", RefuseRoot: func(string, string) error { return nil }, Check: func(site.Dir, uint32) error { return nil }}))
		case argForeground:
			os.Exit(foregroundMain())
		case handoff.ArgBackend:
			os.Exit(fakeBackend())
		case handoff.ArgKeeper:
			os.Exit(fakeKeeper())
		case handoff.ArgCheckpointer:
			os.Exit(fakeCheckpointer())
		}
	}
	os.Exit(m.Run())
}

func born() (*handoff.Conn, *settings.Values) {
	c, err := handoff.Inherited(handoff.FdControl)
	if err != nil {
		os.Exit(70)
	}
	s, err := c.RecvStart()
	if err != nil {
		os.Exit(71)
	}
	return c, settings.FromMaps(s.Settings, s.Sources)
}

// fakeKeeper believes every backend that says its client is somebody.
func fakeKeeper() int {
	c, v := born()
	if e := v.Get("test.keeper_error"); e != "" {
		_ = c.Send(&handoff.Report{Kind: handoff.ReportReady, Error: e})
		return 1
	}
	var mu sync.Mutex
	report := func(r *handoff.Report) { mu.Lock(); defer mu.Unlock(); _ = c.Send(r) }
	report(&handoff.Report{Kind: handoff.ReportReady})
	for {
		m, f, err := c.RecvControl()
		if err != nil {
			return 0
		}
		switch m.Kind {
		case handoff.ControlAttach:
			b, err := handoff.Take(f)
			if err != nil {
				return 72
			}
			go func() {
				for {
					r, err := b.RecvReport()
					if err != nil {
						return
					}
					r.PID = m.PID
					report(r)
				}
			}()
		case handoff.ControlSettings:
			report(&handoff.Report{Kind: handoff.ReportReloaded, Error: m.Settings.Settings["test.hba_error"]})
		case handoff.ControlLog:
			f.Close()
		}
	}
}

func fakeCheckpointer() int {
	c, _ := born()
	_ = c.Send(&handoff.Report{Kind: handoff.ReportReady})
	for {
		_, f, err := c.RecvControl()
		if err != nil {
			return 0
		}
		if f != nil {
			f.Close()
		}
	}
}

func fakeBackend() int {
	c, v := born()
	keeper, err := handoff.Inherited(handoff.FdKeeper)
	if err != nil {
		return 73
	}
	if v.Get("test.backend_dies") != "" {
		return 3
	}
	_ = c.Send(&handoff.Report{Kind: handoff.ReportReady})
	for {
		m, f, err := c.RecvControl()
		if err != nil {
			return 0
		}
		switch m.Kind {
		case handoff.ControlClient:
			conn, err := net.FileConn(f)
			f.Close()
			if err != nil {
				return 74
			}
			go func() { // the end of the postmaster ends an idle backend
				for {
					m, f, err := c.RecvControl()
					if err != nil {
						os.Exit(0)
					}
					switch m.Kind {
					case handoff.ControlSettings:
						v = settings.FromMaps(m.Settings.Settings, nil)
					case handoff.ControlLog:
						_ = logging.Redirect(f)
					}
				}
			}()
			return serveFake(c, keeper, conn, m.Client, &v)
		case handoff.ControlSettings:
			v = settings.FromMaps(m.Settings.Settings, nil)
		case handoff.ControlLog:
			f.Close()
		}
	}
}

func serveFake(c, keeper *handoff.Conn, conn net.Conn, client *handoff.Client, v **settings.Values) int {
	if client.RefuseCode != "" {
		fmt.Fprintf(conn, "REFUSED %s %s\n", client.RefuseCode, client.Refuse)
		return 1
	}
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, unix.SIGINT, unix.SIGTERM, unix.SIGQUIT)
	go func() {
		for s := range signals {
			switch s {
			case unix.SIGINT:
				fmt.Fprintln(conn, "INTERRUPT")
			case unix.SIGTERM:
				if (*v).Get("test.stubborn") != "" {
					continue
				}
				fmt.Fprintln(conn, "TERMINATED")
				os.Exit(1)
			default:
				os.Exit(2)
			}
		}
	}()
	fmt.Fprintf(conn, "HELLO %d %s %v\n", client.PID, hex.EncodeToString(client.Secret), client.ReservedOnly)
	in := bufio.NewScanner(conn)
	for in.Scan() {
		w := strings.Fields(in.Text())
		switch w[0] {
		case "auth":
			_ = keeper.Send(&handoff.Report{Kind: handoff.ReportAuthenticated, Role: "alice", Database: "db"})
		case "kill":
			_ = unix.Kill(os.Getpid(), unix.SIGKILL)
		case "exit":
			n, _ := strconv.Atoi(w[1])
			return n
		case "cancel":
			pid, _ := strconv.Atoi(w[1])
			key, _ := hex.DecodeString(w[2])
			_ = c.Send(&handoff.Report{Kind: handoff.ReportCancel, CancelPID: int32(pid), CancelSecret: key})
			return 0
		case "claim": // what only the keeper may say
			_ = c.Send(&handoff.Report{Kind: handoff.ReportAuthenticated, Role: "root"})
		case "log":
			fmt.Fprintln(os.Stderr, w[1])
		case "orphan":
			if err := exec.Command("/bin/sh", "-c", "sleep 0.03 & exit 0").Run(); err != nil {
				fmt.Fprintln(conn, err)
				continue
			}
		case "show":
			fmt.Fprintln(conn, (*v).Get(w[1]))
			continue
		case "env":
			fmt.Fprintln(conn, len(os.Environ()), fds())
			continue
		}
		fmt.Fprintln(conn, "OK")
	}
	return 0
}

func fds() string {
	e, _ := os.ReadDir("/proc/self/fd")
	var out []string
	for _, f := range e {
		if t, err := os.Readlink("/proc/self/fd/" + f.Name()); err == nil && !strings.Contains(t, "eventpoll") && !strings.Contains(t, "eventfd") && !strings.HasPrefix(t, "/proc/") && !strings.HasPrefix(t, "/sys/fs/cgroup/") { // left out are Go's own
			kind, _, _ := strings.Cut(t, ":")
			out = append(out, kind)
		}
	}
	sort.Strings(out)
	return strings.Join(out, ",")
}
