package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"pgd/daemon"
	"pgd/daemon/handoff"
	"pgd/install/site"
	"pgd/perms"
)

// Exit statuses of pgd status, as service managers know them.
const (
	statusNotRunning = 3
	statusNoSite     = 4
)

// siteStatus is what --json prints.
type siteStatus struct {
	Name      string     `json:"name"`
	Dir       string     `json:"dir"`
	Running   bool       `json:"running"`
	State     string     `json:"state"` // starting, ready, stopping; stopped
	PID       int        `json:"pid,omitempty"`
	Started   *time.Time `json:"started,omitempty"`
	Port      int        `json:"port,omitempty"`
	SocketDir string     `json:"socket_dir,omitempty"`
	Listen    string     `json:"listen,omitempty"`
	Processes []process  `json:"processes,omitempty"`
}

// process is one child of the postmaster, as /proc shows it.
type process struct {
	PID     int    `json:"pid"`
	Kind    string `json:"kind"`
	Account string `json:"account"`
	State   string `json:"state"`
	RSS     int    `json:"rss_kb"`
}

func statusCommand() *cobra.Command {
	var (
		dir             string
		asJSON, verbose bool
	)
	c := &cobra.Command{
		Use:   "status [NAME]",
		Short: "Say whether a site is running",
		Long:  "Say whether a site is running.\n\nExit status: 0 running, 3 not running, 4 no accessible site.",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := siteOf(args, dir)
			if err == nil {
				_, err = site.Dir(t.dir).ReadVersion()
			}
			var s siteStatus
			if err == nil {
				s, err = look(t, verbose)
			}
			if err != nil {
				complain(err)
				return status(statusNoSite)
			}
			if asJSON {
				if err := printJSON(s); err != nil {
					return err
				}
			} else {
				s.print()
			}
			if !s.Running {
				return status(statusNotRunning)
			}
			return nil
		},
	}
	f := c.Flags()
	f.StringVar(&dir, "dir", "", "directory of the site, in place of its name")
	f.BoolVar(&asJSON, "json", false, "print JSON")
	f.BoolVarP(&verbose, "verbose", "v", false, "list the processes too")
	return c
}

func look(t target, verbose bool) (siteStatus, error) {
	s := siteStatus{Name: t.name, Dir: t.dir, State: "stopped"}
	d := site.Dir(t.dir)
	held, err := d.Locked()
	if err != nil || !held {
		return s, err
	}
	s.Running, s.State = true, site.StateStarting
	p, err := daemon.Find(d)
	if err != nil {
		return s, nil // it holds the lock and has not said who it is yet
	}
	defer p.Close()
	s.State, s.PID, s.Port, s.SocketDir, s.Listen, s.Started = p.State, p.PID.PID, p.Port, p.SocketDir, p.Listen, &p.Started
	if verbose {
		s.Processes = processesOf(s.PID)
	}
	return s, nil
}

func (s siteStatus) print() {
	if !s.Running {
		fmt.Printf("Site %s is not running.\n  directory  %s\n", s.Name, s.Dir)
		return
	}
	fmt.Printf("Site %s is running: %s (PID %d).\n  directory  %s\n", s.Name, s.State, s.PID, s.Dir)
	if s.Listen != "" {
		fmt.Printf("  listening  %s\n", net.JoinHostPort(s.Listen, strconv.Itoa(s.Port)))
	}
	if s.SocketDir != "" {
		fmt.Printf("  socket     %s\n", filepath.Join(s.SocketDir, ".s.PGSQL."+strconv.Itoa(s.Port)))
	}
	if s.Started != nil {
		fmt.Printf("  since      %s\n", s.Started.Format("2006-01-02 15:04:05 MST"))
	}
	if len(s.Processes) > 0 {
		fmt.Println()
		w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
		fmt.Fprintln(w, "  PID\tPROCESS\tACCOUNT\tSTATE\tRSS kB")
		for _, p := range s.Processes {
			fmt.Fprintf(w, "  %d\t%s\t%s\t%s\t%d\n", p.PID, p.Kind, p.Account, p.State, p.RSS)
		}
		w.Flush()
	}
}

// processNames are the kinds by the title they give themselves, or, as long as they have none, by hidden first argument.
var processNames = []struct{ title, name string }{
	{"pgd: keeper ", "keeper"}, {"pgd: checkpointer ", "checkpointer"}, {"pgd: spare backend ", "spare backend"}, {"pgd: backend ", "backend"},
	{handoff.ArgKeeper, "keeper"}, {handoff.ArgCheckpointer, "checkpointer"}, {handoff.ArgBackend, "spare backend"},
}

func processName(cmdline string) string {
	_, arguments, _ := strings.Cut(cmdline, "\x00")
	for _, n := range processNames {
		if strings.HasPrefix(cmdline, n.title) || strings.HasPrefix(arguments, n.title) {
			return n.name
		}
	}
	return "unknown"
}

// processesOf lists the postmaster and its children from /proc. What has ended meanwhile is left out.
func processesOf(postmaster int) []process {
	out := []process{}
	if p, ok := readProcess(postmaster); ok {
		p.Kind = "postmaster"
		out = append(out, p)
	}
	tasks, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", postmaster))
	for _, t := range tasks {
		b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", postmaster, t.Name()))
		for _, w := range strings.Fields(string(b)) {
			if pid, err := strconv.Atoi(w); err == nil {
				if p, ok := readProcess(pid); ok {
					out = append(out, p)
				}
			}
		}
	}
	return out
}

func readProcess(pid int) (process, bool) {
	p := process{PID: pid}
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid)); err == nil {
		p.Kind = processName(string(b))
	}
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return p, false
	}
	for _, l := range strings.Split(string(b), "\n") {
		key, value, _ := strings.Cut(l, ":")
		f := strings.Fields(value)
		if len(f) == 0 {
			continue
		}
		switch key {
		case "State":
			p.State = strings.Trim(strings.TrimSpace(value[2:]), "() ")
		case "Uid":
			if uid, err := strconv.ParseUint(f[0], 10, 32); err == nil {
				p.Account = perms.UserName(uint32(uid))
			}
		case "VmRSS":
			p.RSS, _ = strconv.Atoi(f[0])
		}
	}
	return p, true
}
