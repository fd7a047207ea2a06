package session

import (
	"encoding/binary"
	"hash/maphash"
	"strings"
)

const (
	cacheEntries = 128
	cacheText    = 8 << 10 // longer texts are not kept
	seenEntries  = 512
)

// planCache keeps what query strings were parsed and planned to. A text enters it when it is seen a second time, so that strings
// with their values written in do not drive out the ones that come back. The entry used longest ago leaves.
type planCache struct {
	entries map[string]*cached
	seen    [seenEntries]uint64
	clock   uint64
	seed    maphash.Seed
	ready   bool
}

// cached is a query string's statements; key is the text, or the text with its parameter types.
type cached struct {
	text  string
	stmts []*statement
	used  uint64
}

func (c *planCache) init() {
	if !c.ready {
		c.entries, c.seed, c.ready = map[string]*cached{}, maphash.MakeSeed(), true
	}
}

// simple finds the statements of a Query message.
func (c *planCache) simple(raw []byte) *cached {
	if !c.ready {
		return nil
	}
	e := c.entries[string(raw)]
	if e != nil {
		c.clock++
		e.used = c.clock
	}
	return e
}

// addSimple keeps them, if the text has been seen before.
func (c *planCache) addSimple(text string, stmts []*statement) {
	if cacheable(text) {
		c.add(text, text, stmts)
	}
}

// prepared finds the statement of a Parse message.
func (c *planCache) prepared(raw []byte, declared []uint32) *statement {
	if !c.ready || len(raw) > cacheText {
		return nil
	}
	var buf [256]byte
	e := c.entries[string(preparedKey(buf[:0], raw, declared))]
	if e == nil {
		return nil
	}
	c.clock++
	e.used = c.clock
	return e.stmts[0]
}

// addPrepared keeps it, if it has been seen before.
func (c *planCache) addPrepared(st *statement) {
	if cacheable(st.query) {
		c.add(string(preparedKey(nil, []byte(st.query), st.declared)), st.query, []*statement{st})
	}
}

func preparedKey(dst, raw []byte, declared []uint32) []byte {
	dst = append(append(dst, 0), raw...)
	dst = append(dst, 0)
	for _, t := range declared {
		dst = binary.BigEndian.AppendUint32(dst, t)
	}
	return dst
}

func (c *planCache) add(key, text string, stmts []*statement) {
	c.init()
	h := maphash.String(c.seed, key)
	if slot := &c.seen[h%seenEntries]; *slot != h {
		*slot = h
		return
	}
	if len(c.entries) >= cacheEntries {
		c.evict()
	}
	c.clock++
	for _, st := range stmts {
		st.users++
	}
	c.entries[key] = &cached{text: text, stmts: stmts, used: c.clock}
}

func (c *planCache) evict() {
	oldest := ""
	least := ^uint64(0)
	for key, e := range c.entries {
		if e.used < least {
			oldest, least = key, e.used
		}
	}
	c.drop(oldest)
}

func (c *planCache) drop(key string) {
	if e := c.entries[key]; e != nil {
		delete(c.entries, key)
		for _, st := range e.stmts {
			st.release()
		}
	}
}

func (c *planCache) clear() {
	for key := range c.entries {
		c.drop(key)
	}
}

// cacheable tells whether a text may be kept: literals that are read with the clock in view mean something else each time.
func cacheable(text string) bool {
	if len(text) > cacheText {
		return false
	}
	if strings.IndexByte(text, '\'') < 0 {
		return true
	}
	lower := strings.ToLower(text)
	for _, word := range [...]string{"now", "today", "tomorrow", "yesterday"} {
		for rest := lower; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			// now() is no literal; anything else near a quote is taken for one.
			if after := strings.TrimLeft(rest[i+len(word):], " \t\n"); !strings.HasPrefix(after, "(") {
				return false
			}
			rest = rest[i+len(word):]
		}
	}
	return true
}
