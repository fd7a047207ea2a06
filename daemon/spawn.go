package daemon

import (
	"fmt"
	"os"
	"syscall"
	"time"

	"pgd/daemon/children"
	"pgd/daemon/handoff"
)

// spawn starts a child: the same binary again, with an empty environment and descriptors counted out. Nothing else can leak
// into it, because everything Go opens is close-on-exec.
func (p *postmaster) spawn(name string) (*children.Child, error) {
	k := kinds[name]
	conn, control, err := handoff.Pair()
	if err != nil {
		return nil, err
	}
	defer control.Close()
	var forChild, forKeeper *os.File
	if k.keeperChannel {
		if forChild, forKeeper, err = handoff.FilePair(); err != nil {
			conn.Close()
			return nil, err
		}
		defer forChild.Close()
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		conn.Close()
		return nil, err
	}
	defer null.Close()
	files := []uintptr{null.Fd(), 2, 2, control.Fd()}
	if forChild != nil {
		files = append(files, forChild.Fd())
	}
	pid, err := syscall.ForkExec(p.opts.Executable, append(append([]string{"pgd", k.arg, p.opts.Name}, p.opts.ChildArgs...), handoff.TitleRoom), &syscall.ProcAttr{
		Dir: string(p.dir), Env: p.opts.childEnv(), Files: files,
		// A session of its own: what a terminal sends to the postmaster's group is the postmaster's affair alone.
		Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		conn.Close()
		if forKeeper != nil {
			forKeeper.Close()
		}
		return nil, fmt.Errorf("could not start %s: %w", k.title, err)
	}
	if old := p.table.Get(pid); old != nil {
		p.ended(old, 0) // its number is in use again before its last words were heard
	}
	if p.oomAdjust < 0 && k.policy == forget {
		exposeToOOM(pid)
	}
	c := &children.Child{PID: pid, Kind: name, State: children.Starting, Started: time.Now()}
	p.table.Add(c)
	l := &link{pid: pid, conn: conn, heard: make(chan struct{})}
	p.links[pid] = l
	l.send(p.start(name), nil)
	if forKeeper != nil {
		p.toKeeper(&handoff.Control{Kind: handoff.ControlAttach, PID: int32(pid)}, forKeeper)
	}
	go l.read(p)
	if p.log.Enabled("DEBUG2") {
		p.log.Debugf("started %s (PID %d)", k.title, pid)
	}
	return c, nil
}

// launch is spawn with the throttle: a kind that cannot be started, or dies on its first job, is tried ever more seldom.
func (p *postmaster) launch(name string) *children.Child {
	now := time.Now()
	if !p.throttle(name).allows(now) {
		return nil
	}
	c, err := p.spawn(name)
	if err != nil {
		p.throttle(name).failed(now)
		p.log.Error(err.Error())
		if p.phase == phaseStarting && !p.announced {
			p.fail(err)
		}
		return nil
	}
	if name == kindKeeper {
		p.keeper = c.PID
	}
	return c
}

func (p *postmaster) toKeeper(m *handoff.Control, f *os.File) {
	if l := p.links[p.keeper]; p.keeper != 0 && l != nil {
		l.send(m, f)
		return
	}
	if f != nil {
		f.Close()
	}
}

// kill signals a child. One that is not reaped still has its number, so it cannot be a stranger's.
func (p *postmaster) kill(c *children.Child, s syscall.Signal) {
	if c.Collected {
		return
	}
	if err := syscall.Kill(c.PID, s); err != nil && err != syscall.ESRCH {
		p.log.Errorf("could not send signal %d to process %d: %v", int(s), c.PID, err)
	}
}
