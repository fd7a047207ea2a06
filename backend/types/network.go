package types

import (
	"bytes"
	"strconv"
	"strings"

	"pgd/backend/pgerr"
)

// OIDs of the network address types.
const (
	InetOID = 869
	CidrOID = 650
)

// An address is stored as a BLOB whose bytes order as PostgreSQL does: IPv4 before IPv6, then the network, then the length of its mask, then
// the whole address.
//
//	4|6 network(4|16) masklen address(4|16)
func init() {
	register(
		&Type{
			OID: InetOID, Name: "inet", Display: "inet", Array: 1041, Category: 'I', Preferred: true, Len: -1, Delim: ',', Store: Blob,
			Input: inetIn, Output: inetOut, Receive: networkRecv("inet"), Send: networkSend(0), Compare: compareBytes,
		},
		&Type{
			OID: CidrOID, Name: "cidr", Display: "cidr", Array: 651, Category: 'I', Len: -1, Delim: ',', Store: Blob,
			Input: cidrIn, Output: cidrOut, Receive: networkRecv("cidr"), Send: networkSend(1), Compare: compareBytes,
		},
	)
}

// Inet is an address with the length of its network mask. Addr has 4 or 16 bytes.
type Inet struct {
	Addr []byte
	Bits int
}

// MaxBits is the length of the address in bits.
func (n Inet) MaxBits() int { return len(n.Addr) * 8 }

// Network gives the address with everything right of the mask zero.
func (n Inet) Network() Inet {
	out := make([]byte, len(n.Addr))
	for i := range out {
		out[i] = n.Addr[i] & maskByte(n.Bits, i)
	}
	return Inet{out, n.Bits}
}

// maskByte is byte i of the mask of so many bits.
func maskByte(bits, i int) byte {
	switch left := bits - 8*i; {
	case left >= 8:
		return 0xff
	case left <= 0:
		return 0
	default:
		return 0xff << (8 - left)
	}
}

// Netmask gives the bytes of the mask.
func (n Inet) Netmask() []byte {
	out := make([]byte, len(n.Addr))
	for i := range out {
		out[i] = maskByte(n.Bits, i)
	}
	return out
}

// Value gives the stored form.
func (n Inet) Value() Value {
	b := make([]byte, 0, 2+2*len(n.Addr))
	if len(n.Addr) == 4 {
		b = append(b, 4)
	} else {
		b = append(b, 6)
	}
	b = append(b, n.Network().Addr...)
	b = append(b, byte(n.Bits))
	return BlobValue(append(b, n.Addr...))
}

// ReadInet reads the stored form; the address shares its bytes. What is no address is read as 0.0.0.0/0.
func ReadInet(v Value) Inet {
	size := 4
	if len(v.B) > 0 && v.B[0] == 6 {
		size = 16
	}
	if len(v.B) != 2+2*size || int(v.B[1+size]) > 8*size {
		return Inet{Addr: make([]byte, 4)}
	}
	return Inet{v.B[2+size:], int(v.B[1+size])}
}

// Host prints the address alone.
func (n Inet) Host() string {
	if len(n.Addr) == 4 {
		return dotted(n.Addr)
	}
	return colons(n.Addr)
}

// Text prints the address with its mask, always.
func (n Inet) Text() string { return n.Host() + "/" + itoa(n.Bits) }

func dotted(b []byte) string {
	parts := make([]string, len(b))
	for i, x := range b {
		parts[i] = itoa(int(x))
	}
	return strings.Join(parts, ".")
}

// colons prints an IPv6 address with its first longest run of at least two zero words left out, an embedded IPv4 address in its own form.
func colons(b []byte) string {
	var words [8]int
	for i := range words {
		words[i] = int(b[2*i])<<8 | int(b[2*i+1])
	}
	at, length := -1, 1
	for i := 0; i < 8; i++ {
		n := 0
		for i+n < 8 && words[i+n] == 0 {
			n++
		}
		if n > length {
			at, length = i, n
		}
	}
	var s strings.Builder
	for i := 0; i < 8; i++ {
		if at >= 0 && i >= at && i < at+length {
			if i == at {
				s.WriteByte(':')
			}
			continue
		}
		if i > 0 {
			s.WriteByte(':')
		}
		if i == 6 && at == 0 && (length == 6 || length == 7 && words[7] != 1 || length == 5 && words[5] == 0xffff) {
			s.WriteString(dotted(b[12:]))
			return s.String()
		}
		s.WriteString(strconv.FormatInt(int64(words[i]), 16))
	}
	if at >= 0 && at+length == 8 {
		s.WriteByte(':')
	}
	return s.String()
}

func inetOut(_ *Context, dst []byte, v Value) []byte {
	n := ReadInet(v)
	if n.Bits == n.MaxBits() {
		return append(dst, n.Host()...)
	}
	return append(dst, n.Text()...)
}

func cidrOut(_ *Context, dst []byte, v Value) []byte { return append(dst, ReadInet(v).Text()...) }

func inetIn(_ *Context, s string, _ int32) (Value, error) {
	var n Inet
	var ok bool
	if strings.Contains(s, ":") {
		n, ok = parseInet6(s)
	} else {
		n, ok = parseInet4(s)
	}
	if !ok {
		return Value{}, badSyntax("inet", s)
	}
	return n.Value(), nil
}

func cidrIn(_ *Context, s string, _ int32) (Value, error) {
	var n Inet
	var ok bool
	if strings.Contains(s, ":") {
		n, ok = parseInet6(s)
	} else {
		n, ok = parseCidr4(s)
	}
	if !ok {
		return Value{}, badSyntax("cidr", s)
	}
	if !bytes.Equal(n.Addr, n.Network().Addr) {
		return Value{}, pgerr.New(pgerr.InvalidTextRepresentation, "invalid cidr value: \"%s\"", s).WithDetail("Value has bits set to right of mask.")
	}
	return n.Value(), nil
}

// The families as they are on the wire.
const (
	wireInet4 = 2
	wireInet6 = 3
)

// networkSend writes family, mask length, whether it is a cidr, the number of bytes and the address.
func networkSend(isCidr byte) func(_ *Context, dst []byte, v Value) []byte {
	return func(_ *Context, dst []byte, v Value) []byte {
		n := ReadInet(v)
		family := byte(wireInet4)
		if len(n.Addr) == 16 {
			family = wireInet6
		}
		return append(append(dst, family, byte(n.Bits), isCidr, byte(len(n.Addr))), n.Addr...)
	}
}

func networkRecv(name string) func(_ *Context, b []byte, _ int32) (Value, error) {
	bad := func(what string) error {
		return pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid %s in external \"%s\" value", what, name)
	}
	return func(_ *Context, b []byte, _ int32) (Value, error) {
		if len(b) < 1 {
			return Value{}, pgerr.New(pgerr.ProtocolViolation, "no data left in message")
		}
		size := 4
		switch b[0] {
		case wireInet4:
		case wireInet6:
			size = 16
		default:
			return Value{}, bad("address family")
		}
		if len(b) < 4 {
			return Value{}, pgerr.New(pgerr.ProtocolViolation, "no data left in message")
		}
		if int(b[1]) > size*8 {
			return Value{}, bad("bits")
		}
		if int(b[3]) != size {
			return Value{}, bad("length")
		}
		if len(b) < 4+size {
			return Value{}, pgerr.New(pgerr.ProtocolViolation, "no data left in message")
		}
		if len(b) > 4+size {
			return Value{}, errBadBinary
		}
		n := Inet{b[4:], int(b[1])}
		if name == "cidr" && !bytes.Equal(n.Addr, n.Network().Addr) {
			return Value{}, pgerr.New(pgerr.InvalidBinaryRepresentation, "invalid external \"cidr\" value").WithDetail("Value has bits set to right of mask.")
		}
		return n.Value(), nil
	}
}

// Abbreviated prints a network without the bytes right of its mask.
func (n Inet) Abbreviated() string {
	if len(n.Addr) == 4 {
		shown := n.Network().Addr[:(n.Bits+7)/8]
		if n.Bits == 0 {
			shown = []byte{0}
		}
		return dotted(shown) + "/" + itoa(n.Bits)
	}
	return n.abbreviated6() + "/" + itoa(n.Bits)
}

// abbreviated6 prints the words the mask reaches into, at least two, with a run of zeros left out. Which run that is follows PostgreSQL where
// there are several: a run no longer than the one before goes on counting into the next.
func (n Inet) abbreviated6() string {
	if n.Bits == 0 {
		return "::"
	}
	b := n.Network().Addr
	words := max((n.Bits+15)/16, 2)
	at, length, runAt, run := 0, 0, 0, 0
	for i := 0; i < words; i++ {
		if b[2*i]|b[2*i+1] == 0 {
			if run == 0 {
				runAt = i
			}
			run++
		} else if run > length {
			at, length, run = runAt, run, 0
		}
	}
	if run > length {
		at, length = runAt, run
	}
	embedded := length != words && at == 0 &&
		(length == 6 || length == 5 && b[10] == 0xff && b[11] == 0xff || length == 7 && b[14] != 0 && b[15] != 1)
	var s strings.Builder
	for p := 0; p < words; p++ {
		switch {
		case length != 0 && p >= at && p < at+length:
			if p == at {
				s.WriteByte(':')
			}
			if p == words-1 {
				s.WriteByte(':')
			}
		case embedded && p > 5:
			if p == 6 {
				s.WriteByte(':')
			} else {
				s.WriteByte('.')
			}
			s.WriteString(itoa(int(b[2*p])))
			if p != 7 || n.Bits > 120 {
				s.WriteString("." + itoa(int(b[2*p+1])))
			}
		default:
			if s.Len() > 0 {
				s.WriteByte(':')
			}
			s.WriteString(strconv.FormatInt(int64(b[2*p])<<8|int64(b[2*p+1]), 16))
		}
	}
	return s.String()
}
