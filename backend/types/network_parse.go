package types

// addressReader reads the text forms of network addresses.
type addressReader struct {
	s string
	i int
}

func (r *addressReader) peek() byte {
	if r.i < len(r.s) {
		return r.s[r.i]
	}
	return 0
}

func (r *addressReader) digit() bool { c := r.peek(); return c >= '0' && c <= '9' }

// octets reads decimal numbers up to 255 with points between them, at most four.
func (r *addressReader) octets() ([]byte, bool) {
	var out []byte
	for {
		if !r.digit() || len(out) == 4 {
			return nil, false
		}
		x := 0
		for ; r.digit(); r.i++ {
			if x = x*10 + int(r.s[r.i]-'0'); x > 255 {
				return nil, false
			}
		}
		out = append(out, byte(x))
		if r.peek() != '.' {
			return out, true
		}
		r.i++
	}
}

// mask reads "/n" and the end; bits is -1 where there is none.
func (r *addressReader) mask(most int) (bits int, ok bool) {
	if r.i == len(r.s) {
		return -1, true
	}
	if r.s[r.i] != '/' {
		return 0, false
	}
	r.i++
	if !r.digit() {
		return 0, false
	}
	for ; r.digit(); r.i++ {
		if bits = bits*10 + int(r.s[r.i]-'0'); bits > most {
			return 0, false
		}
	}
	return bits, r.i == len(r.s)
}

// parseInet4 reads an address: all four numbers, or as many as the mask reaches into.
func parseInet4(s string) (Inet, bool) {
	r := addressReader{s: s}
	addr, ok := r.octets()
	if !ok {
		return Inet{}, false
	}
	bits, ok := r.mask(32)
	if !ok || bits < 0 && len(addr) != 4 || bits/8 > len(addr) {
		return Inet{}, false
	}
	if bits < 0 {
		bits = 32
	}
	return Inet{padded(addr), bits}, true
}

// parseCidr4 reads a network: numbers or 0x and hexadecimal digits; without a mask its class tells the length.
func parseCidr4(s string) (Inet, bool) {
	r := addressReader{s: s}
	var addr []byte
	ok := true
	if len(s) > 2 && s[0] == '0' && s[1]|0x20 == 'x' && isHex(s[2]) {
		r.i = 2
		addr, ok = r.hexBytes()
	} else {
		addr, ok = r.octets()
	}
	if !ok {
		return Inet{}, false
	}
	bits, ok := r.mask(32)
	if !ok {
		return Inet{}, false
	}
	if bits < 0 {
		bits = max(classBits(addr[0]), len(addr)*8)
		if bits == 8 && addr[0] == 224 {
			bits = 4
		}
	}
	return Inet{padded(addr), bits}, true
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// hexBytes reads hexadecimal digits, two a byte; an odd one at the end is the upper half.
func (r *addressReader) hexBytes() ([]byte, bool) {
	var out []byte
	for n := 0; isHex(r.peek()); n++ {
		d := hexValue(r.s[r.i])
		r.i++
		if n%2 == 0 {
			if len(out) == 4 {
				return nil, false
			}
			out = append(out, d<<4)
		} else {
			out[len(out)-1] |= d
		}
	}
	return out, true
}

// classBits is the length of the network a number in front meant before there were masks.
func classBits(first byte) int {
	switch {
	case first >= 240:
		return 32
	case first >= 224:
		return 8
	case first >= 192:
		return 24
	case first >= 128:
		return 16
	}
	return 8
}

// parseInet6 reads groups of up to four hexadecimal digits, one run of zeros as "::", an IPv4 address in place of the last two groups.
func parseInet6(s string) (Inet, bool) {
	r := addressReader{s: s}
	var out []byte
	bits, gap, group := -1, -1, 0 // group is where the present group began
	if r.peek() == ':' {
		if r.i++; r.peek() != ':' {
			return Inet{}, false
		}
	}
	digits, val := 0, 0
	store := func() bool {
		if len(out)+2 > 16 {
			return false
		}
		out = append(out, byte(val>>8), byte(val))
		digits, val = 0, 0
		return true
	}
	group = r.i
loop:
	for ; r.i < len(s); r.i++ {
		switch c := s[r.i]; {
		case isHex(c):
			if digits++; digits > 4 {
				return Inet{}, false
			}
			val = val<<4 | int(hexValue(c))
		case c == ':':
			group = r.i + 1
			if digits == 0 {
				if gap >= 0 {
					return Inet{}, false
				}
				gap = len(out)
				continue
			}
			if group == len(s) || !store() {
				return Inet{}, false
			}
		case c == '.' && len(out)+4 <= 16:
			r.i = group
			v4, n, ok := r.embedded()
			if !ok {
				return Inet{}, false
			}
			out, bits, digits = append(out, v4...), n, 0
			break loop
		case c == '/':
			r.i++
			n, ok := r.shortMask()
			if !ok {
				return Inet{}, false
			}
			bits = n
			break loop
		default:
			return Inet{}, false
		}
	}
	if digits > 0 && !store() {
		return Inet{}, false
	}
	if gap >= 0 {
		if len(out) == 16 {
			return Inet{}, false
		}
		full := make([]byte, 16)
		copy(full, out[:gap])
		copy(full[16-(len(out)-gap):], out[gap:])
		out = full
	}
	if len(out) != 16 {
		return Inet{}, false
	}
	if bits < 0 {
		bits = 128
	}
	return Inet{out, bits}, true
}

// number reads digits without zeros in front.
func (r *addressReader) number(most int) (int, bool) {
	x, n := 0, 0
	for ; r.digit(); r.i++ {
		if n > 0 && x == 0 {
			return 0, false
		}
		if x = x*10 + int(r.s[r.i]-'0'); x > most {
			return 0, false
		}
		n++
	}
	return x, n > 0
}

// shortMask reads the mask's length up to the end.
func (r *addressReader) shortMask() (int, bool) {
	n, ok := r.number(128)
	return n, ok && r.i == len(r.s)
}

// embedded reads the IPv4 address at the end of an IPv6 one and its mask. As in PostgreSQL numbers at its end may be missing.
func (r *addressReader) embedded() (addr []byte, bits int, ok bool) {
	for {
		x, ok := r.number(255)
		if !ok || len(addr) == 4 {
			return nil, 0, false
		}
		addr = append(addr, byte(x))
		switch {
		case r.i == len(r.s):
			return padded(addr), -1, true
		case r.s[r.i] == '/':
			r.i++
			n, ok := r.shortMask()
			return padded(addr), n, ok
		case r.s[r.i] != '.':
			return nil, 0, false
		}
		r.i++
	}
}

func padded(addr []byte) []byte { return append(addr, 0, 0, 0, 0)[:4] }
