package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"pgd/backend/pgerr"
)

// sequenceMap is the file "sequences": a header and one slot for each sequence, mapped by every process. A slot is changed under a lock
// on its byte. A process killed in between leaves a slot another can go on from; what a power cut leaves is only
// trusted as far as logged, which is on disk before a commit that used a value is acknowledged.
type sequenceMap struct {
	f      *os.File
	mem    []byte
	header *sequenceHeader
}

type sequenceHeader struct {
	magic atomic.Uint64
	// slots is how many the file has room for.
	slots atomic.Uint64
	// The boot the values were last used in: its identifier, if known, and about when it began, in Unix seconds.
	bootID   [16]byte
	bootTime atomic.Int64
}

// slot is one sequence: last and called are what the next value follows from, logged and loggedCalled what they become after a
// power cut. ahead values can be taken before logged has to move.
type slot struct {
	oid          atomic.Uint64
	last         atomic.Int64
	called       atomic.Uint64
	ahead        atomic.Int64
	logged       atomic.Int64
	loggedCalled atomic.Uint64
	increment    atomic.Int64
	min, max     atomic.Int64
	start        atomic.Int64
	cache        atomic.Int64
	cycle        atomic.Uint64
	_            [32]byte
}

const (
	sequenceMagic  = 0x7067642d73657131
	headerSize     = 4096
	slotSize       = int64(unsafe.Sizeof(slot{}))
	slotsAtOnce    = 256
	mostSlots      = 1 << 16
	slotsByte      = 0 // locked while a slot is taken or given back
	firstSlotByte  = 1
	sameBootWithin = 3
)

func openSequenceMap(dir string, first bool) (*sequenceMap, error) {
	f, err := openFile(filepath.Join(dir, sequenceFile), 0)
	if err != nil {
		return nil, err
	}
	m := &sequenceMap{f: f}
	if err := m.open(first); err != nil {
		f.Close()
		return nil, err
	}
	return m, nil
}

func (m *sequenceMap) open(first bool) error {
	st, err := m.f.Stat()
	if err != nil {
		return err
	}
	if st.Size() < headerSize {
		if err := unix.Fallocate(int(m.f.Fd()), 0, 0, headerSize); err != nil {
			return &os.PathError{Op: "fallocate", Path: m.f.Name(), Err: err}
		}
	}
	// The whole address range is mapped at once; only slots the file has room for are touched.
	m.mem, err = unix.Mmap(int(m.f.Fd()), 0, headerSize+mostSlots*int(slotSize), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return os.NewSyscallError("mmap", err)
	}
	m.header = (*sequenceHeader)(unsafe.Pointer(&m.mem[0]))
	if m.header.magic.Load() != sequenceMagic {
		if m.header.magic.Load() != 0 {
			return refuse(m.f.Name(), "it is not a file of sequences")
		}
		m.header.magic.Store(sequenceMagic)
	}
	if n := (max(st.Size(), headerSize) - headerSize) / slotSize; int64(m.header.slots.Load()) > n {
		return refuse(m.f.Name(), "it is shorter than it says")
	}
	if first {
		m.recover()
	}
	return nil
}

// recover goes, after a reboot, to values that were certainly never given out.
func (m *sequenceMap) recover() {
	id, began := boot()
	h := m.header
	same := h.bootID == id
	if id == ([16]byte{}) || h.bootID == ([16]byte{}) {
		d := h.bootTime.Load() - began
		same = -sameBootWithin <= d && d <= sameBootWithin
	}
	if !same {
		for i := range int(h.slots.Load()) {
			s := m.slot(i)
			s.last.Store(s.logged.Load())
			s.called.Store(s.loggedCalled.Load())
			s.ahead.Store(0)
		}
	}
	h.bootID = id
	h.bootTime.Store(began)
}

// boot identifies the running kernel's boot. Where /proc is out of reach (a sandbox) the time it began has to do.
var boot = sync.OnceValues(func() (id [16]byte, began int64) {
	if b, err := os.ReadFile("/proc/sys/kernel/random/boot_id"); err == nil {
		hex := strings.ReplaceAll(strings.TrimSpace(string(b)), "-", "")
		for i := range id {
			if _, err := fmt.Sscanf(hex[min(2*i, len(hex)):], "%02x", &id[i]); err != nil {
				return [16]byte{}, bootTime()
			}
		}
	}
	return id, bootTime()
})

func bootTime() int64 {
	var ts unix.Timespec
	unix.ClockGettime(unix.CLOCK_BOOTTIME, &ts)
	return time.Now().Unix() - ts.Sec
}

func (m *sequenceMap) slot(i int) *slot {
	return (*slot)(unsafe.Pointer(&m.mem[headerSize+int64(i)*slotSize]))
}

// find gives the number of a sequence's slot, -1 for none.
func (m *sequenceMap) find(oid uint32) int {
	for i := range int(m.header.slots.Load()) {
		if m.slot(i).oid.Load() == uint64(oid) {
			return i
		}
	}
	return -1
}

// take finds a free slot and gives it to oid, with its byte locked.
func (m *sequenceMap) take(oid uint32) (int, error) {
	if err := lock(m.f, unix.F_WRLCK, slotsByte, 1); err != nil {
		return 0, err
	}
	defer unlock(m.f, slotsByte, 1)
	i := m.find(oid)
	if i < 0 {
		i = m.find(0)
	}
	if i < 0 {
		i = int(m.header.slots.Load())
		if i == mostSlots {
			return 0, pgerr.New(pgerr.ProgramLimitExceeded, "a database cannot have more than %d sequences", mostSlots)
		}
		// The room is allocated, not left as a hole: a write into a hole of a mapped file kills the process when the disk is full.
		err := unix.Fallocate(int(m.f.Fd()), 0, 0, headerSize+int64(i+slotsAtOnce)*slotSize)
		for errors.Is(err, unix.EINTR) {
			err = unix.Fallocate(int(m.f.Fd()), 0, 0, headerSize+int64(i+slotsAtOnce)*slotSize)
		}
		if err != nil {
			return 0, fileError(&os.PathError{Op: "fallocate", Path: m.f.Name(), Err: err})
		}
		m.header.slots.Store(uint64(i + slotsAtOnce))
	}
	return i, m.lock(i)
}

func (m *sequenceMap) lock(i int) error { return lock(m.f, unix.F_WRLCK, firstSlotByte+int64(i), 1) }
func (m *sequenceMap) unlock(i int)     { unlock(m.f, firstSlotByte+int64(i), 1) }

func (m *sequenceMap) close() {
	if m.mem != nil {
		unix.Munmap(m.mem)
		m.mem = nil
	}
	m.f.Close()
}
