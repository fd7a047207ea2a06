package daemon

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"time"

	sd "github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/sys/unix"

	"pgd/daemon/children"
	"pgd/daemon/logging"
	"pgd/install/settings"
	"pgd/install/site"
	"pgd/perms"
)

// Options say which site to run and how.
type Options struct {
	Dir, Name, Version string
	// Settings override the files, as "name", "value" lines without a file.
	Settings []settings.Line
	// Command is what the user typed, for messages ("pgd start main").
	Command string
	// Ready is told once the site accepts connections. It may be nil.
	Ready func(Announcement)

	// Executable, ChildArgs and ChildEnv are how children are started; tests change them. The default is this program again with an
	// empty environment.
	Executable string
	ChildArgs  []string
	ChildEnv   []string
	// RefuseRoot and Check are perms.RefuseRoot and the check of the site's files; tests change them.
	RefuseRoot func(command, site string) error
	Check      func(d site.Dir, uid uint32) error
}

// Announcement is what a waiting `pgd start` learns.
type Announcement struct {
	PID     int
	Listen  []string // what clients can connect to
	Notices []string // what was found and mended on the way
}

// Run runs the site until it is stopped. An error before the site was ready has been said nowhere else; one after it has
// been logged. It must be called once in a process.
func Run(o Options) error {
	if o.Executable == "" {
		o.Executable = "/proc/self/exe"
	}
	if o.RefuseRoot == nil {
		o.RefuseRoot = perms.RefuseRoot
	}
	if o.Check == nil {
		o.Check = func(d site.Dir, uid uint32) error { return d.Check(uid) }
	}
	if err := o.RefuseRoot(o.Command, o.Dir); err != nil {
		return err
	}
	unix.Umask(0o077)
	_ = os.WriteFile("/proc/self/comm", []byte("pgd"), 0) // run through /proc/self/exe it would be "exe" in ps
	// What a shell or service manager left open must not reach a child.
	if err := unix.CloseRange(3, ^uint(0), unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return fmt.Errorf("close_range: %w", err)
	}
	signal.Ignore(unix.SIGPIPE) // a log that cannot be written must not end the site

	p := &postmaster{
		opts: o, dir: site.Dir(o.Dir), started: time.Now(), commandLine: o.Settings, generation: 1, table: children.New(),
		links: map[int]*link{}, throttles: map[string]*throttle{}, events: make(chan func(), 256), closed: make(chan struct{}),
	}
	if err := p.claim(); err != nil {
		return err
	}
	defer p.lock.Close()
	notices := p.stalePID()
	values, problems := settings.Load(p.dir.Path(site.ConfigFile), p.dir.Path(site.AutoConfigFile), o.Settings)
	if len(problems) > 0 {
		return configError(problems)
	}
	p.values = values
	p.log = logging.New("postmaster", values)
	p.writePID(site.StateStarting)
	defer p.leave()
	if err := p.listen(); err != nil {
		p.closeListeners()
		return err
	}
	p.openLog(false)
	p.log.Infof("starting pgd %s, site %q", o.Version, o.Name)
	for _, n := range notices {
		p.log.Warn(n)
	}
	p.logListeners()
	p.writePID(site.StateStarting)
	p.oomAdjust = ownOOMAdjust()
	if o.Ready != nil {
		p.onReady = func() { o.Ready(Announcement{PID: os.Getpid(), Listen: p.addresses(), Notices: notices}) }
	}
	for _, l := range p.listeners {
		go l.accept(p)
	}
	p.launch(kindKeeper)
	p.loop()
	if p.failure == nil {
		p.log.Info("database system is shut down")
	}
	return p.failure
}

// claim checks the site and takes its lock, which alone decides whether it runs.
func (p *postmaster) claim() error {
	if _, err := p.dir.ReadVersion(); err != nil {
		return err
	}
	if err := p.opts.Check(p.dir, uint32(os.Geteuid())); err != nil {
		return err
	}
	lock, err := p.dir.Lock()
	if errors.Is(err, site.ErrLocked) {
		running, findErr := Find(p.dir) // waits where the holder has just been killed
		if findErr == nil {
			running.Close()
		}
		if lock, err = p.dir.Lock(); errors.Is(err, site.ErrLocked) {
			return alreadyRunning(p.dir, p.opts.Name)
		}
	}
	if err != nil {
		return err
	}
	p.lock = lock
	if err := os.Chdir(string(p.dir)); err != nil {
		return fmt.Errorf("enter site: %w", err)
	}
	return nil
}

// stalePID tells of a pid file that was left behind. The lock is ours, so whatever its process id is now, it is not this site's.
func (p *postmaster) stalePID() []string {
	pid, err := p.dir.ReadPID()
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		_ = p.dir.RemovePID()
		return []string{fmt.Sprintf("pid file %q was damaged and was replaced", p.dir.Path(site.PIDFile))}
	}
	_ = p.dir.RemovePID() // at once: nobody shall signal that process meanwhile
	return []string{fmt.Sprintf("pid file %q was stale (PID %d) and was replaced; the site was not shut down cleanly", p.dir.Path(site.PIDFile), pid.PID)}
}

// becomeReady is called when the keeper has loaded everything: at start, and after a crash of it.
func (p *postmaster) becomeReady() {
	p.phase = phaseReady
	p.launch(kindCheckpointer)
	p.log.Info("database system is ready to accept connections")
	p.writePID(site.StateReady)
	_, _ = sd.SdNotify(false, sd.SdNotifyReady+"\nSTATUS=ready")
	if !p.announced {
		p.announced = true
		p.writeExternalPID()
		if p.onReady != nil {
			p.onReady()
		}
	}
}

// writeExternalPID serves external_pid_file, as PostgreSQL does: a failure is only logged.
func (p *postmaster) writeExternalPID() {
	if path := p.values.Get("external_pid_file"); path != "" {
		if err := os.WriteFile(path, fmt.Appendf(nil, "%d\n", os.Getpid()), 0o644); err != nil {
			p.log.Errorf("could not write external PID file: %v", err)
		}
	}
}

// leave removes what says that the site runs; the lock goes last.
func (p *postmaster) leave() {
	p.closeListeners()
	if path := p.values.Get("external_pid_file"); path != "" && p.announced {
		_ = os.Remove(path)
	}
	if err := p.dir.RemovePID(); err != nil {
		p.log.Error(err.Error())
	}
}
