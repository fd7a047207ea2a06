package functions

import (
	"bytes"
	"math/big"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// networkRows are the functions and operators of inet and cidr.
func networkRows() []Row {
	rs := []Row{
		{Sig: "abbrev(inet)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			return types.TextValue(types.ByOID(types.InetOID).Output(c.Context, nil, a[0])), nil
		}},
		{Sig: "abbrev(cidr)", Scalar: inetText(types.Inet.Abbreviated)},
		{Sig: "host(inet)", Scalar: inetText(types.Inet.Host)},
		{Sig: "text(inet)", Scalar: inetText(types.Inet.Text)},
		{Sig: "family(inet)", Scalar: inetNumber(func(n types.Inet) int {
			if len(n.Addr) == 4 {
				return 4
			}
			return 6
		})},
		{Sig: "masklen(inet)", Scalar: inetNumber(func(n types.Inet) int { return n.Bits })},
		{Sig: "network(inet)", Scalar: inetMap(types.Inet.Network)}, {Sig: "cidr(inet)", Scalar: inetMap(types.Inet.Network)},
		{Sig: "broadcast(inet)", Scalar: inetMap(func(n types.Inet) types.Inet {
			return types.Inet{Addr: zipBytes(n.Addr, n.Netmask(), func(x, m byte) byte { return x | ^m }), Bits: n.Bits}
		})},
		{Sig: "netmask(inet)", Scalar: inetMap(func(n types.Inet) types.Inet { return types.Inet{Addr: n.Netmask(), Bits: n.MaxBits()} })},
		{Sig: "hostmask(inet)", Scalar: inetMap(func(n types.Inet) types.Inet {
			return types.Inet{Addr: inverted(n.Netmask()), Bits: n.MaxBits()}
		})},
		{Sig: "set_masklen(inet,integer)", Scalar: setMasklen(false)}, {Sig: "set_masklen(cidr,integer)", Scalar: setMasklen(true)},
		{Sig: "inet_same_family(inet,inet)", Scalar: inetTest(func(x, y types.Inet) bool { return len(x.Addr) == len(y.Addr) })},
		{Sig: "inet_merge(inet,inet)", Scalar: inetMerge},
		{Sig: "network_sub(inet,inet)", Scalar: inetTest(func(x, y types.Inet) bool { return x.Bits > y.Bits && inNetwork(x, y) })},
		{Sig: "network_subeq(inet,inet)", Scalar: inetTest(inNetwork)},
		{Sig: "network_sup(inet,inet)", Scalar: inetTest(func(x, y types.Inet) bool { return y.Bits > x.Bits && inNetwork(y, x) })},
		{Sig: "network_supeq(inet,inet)", Scalar: inetTest(func(x, y types.Inet) bool { return inNetwork(y, x) })},
		{Sig: "network_overlap(inet,inet)", Scalar: inetTest(func(x, y types.Inet) bool { return inNetwork(x, y) || inNetwork(y, x) })},
		{Sig: "inetnot(inet)", Scalar: inetMap(func(n types.Inet) types.Inet { return types.Inet{Addr: inverted(n.Addr), Bits: n.Bits} })},
		{Sig: "inetand(inet,inet)", Scalar: inetBits("AND", func(x, y byte) byte { return x & y })},
		{Sig: "inetor(inet,inet)", Scalar: inetBits("OR", func(x, y byte) byte { return x | y })},
		{Sig: "inetpl(inet,bigint)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return inetAdd(a[0], big.NewInt(a[1].I)) }},
		{Sig: "int8pl_inet(bigint,inet)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) { return inetAdd(a[1], big.NewInt(a[0].I)) }},
		{Sig: "inetmi_int8(inet,bigint)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			// The number is negated in 64 bits, so that the smallest one stays as it is.
			return inetAdd(a[0], big.NewInt(-a[1].I))
		}},
		{Sig: "inetmi(inet,inet)", Scalar: inetSubtract},
		{Sig: "network_cmp(inet,inet)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(int64(bytes.Compare(a[0].B, a[1].B))), nil
		}},
		{Sig: "network_larger(inet,inet)", SQL: "max($1, $2)", Scalar: pickBytes(1)},
		{Sig: "network_smaller(inet,inet)", SQL: "min($1, $2)", Scalar: pickBytes(-1)},
	}
	for _, op := range comparisonOperators {
		rs = append(rs, Row{Sig: "network_" + op.name + "(inet,inet)", SQL: "$1 " + op.sql + " $2"})
	}
	return rs
}

func inetText(f func(types.Inet) string) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		return types.StringValue(f(types.ReadInet(a[0]))), nil
	}
}

func inetNumber(f func(types.Inet) int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		return types.IntValue(int64(f(types.ReadInet(a[0])))), nil
	}
}

func inetMap(f func(types.Inet) types.Inet) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) { return f(types.ReadInet(a[0])).Value(), nil }
}

func inetTest(f func(x, y types.Inet) bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		return types.BoolValue(f(types.ReadInet(a[0]), types.ReadInet(a[1]))), nil
	}
}

func pickBytes(sign int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		if bytes.Compare(a[0].B, a[1].B)*sign > 0 {
			return a[0].Clone(), nil
		}
		return a[1].Clone(), nil
	}
}

func zipBytes(x, y []byte, f func(x, y byte) byte) []byte {
	out := make([]byte, len(x))
	for i := range x {
		out[i] = f(x[i], y[i])
	}
	return out
}

func inverted(b []byte) []byte { return zipBytes(b, b, func(x, _ byte) byte { return ^x }) }

// inNetwork tells whether x is in the network of y or is that network.
func inNetwork(x, y types.Inet) bool {
	return len(x.Addr) == len(y.Addr) && x.Bits >= y.Bits && commonBits(x.Addr, y.Addr) >= y.Bits
}

// commonBits counts the bits at the front that are alike.
func commonBits(x, y []byte) int {
	for i := range x {
		if d := x[i] ^ y[i]; d != 0 {
			n := 8 * i
			for d&0x80 == 0 {
				d <<= 1
				n++
			}
			return n
		}
	}
	return 8 * len(x)
}

func setMasklen(isCidr bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		n := types.ReadInet(a[0])
		bits := a[1].I
		if bits == -1 {
			bits = int64(n.MaxBits())
		}
		if bits < 0 || bits > int64(n.MaxBits()) {
			return null, pgerr.New(pgerr.InvalidParameterValue, "invalid mask length: %d", bits)
		}
		n.Bits = int(bits)
		if isCidr {
			n = n.Network()
		}
		return n.Value(), nil
	}
}

// inetMerge gives the smallest network both are in.
func inetMerge(_ *Call, a []types.Value) (types.Value, error) {
	x, y := types.ReadInet(a[0]), types.ReadInet(a[1])
	if len(x.Addr) != len(y.Addr) {
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot merge addresses from different families")
	}
	x.Bits = min(x.Bits, y.Bits, commonBits(x.Addr, y.Addr))
	return x.Network().Value(), nil
}

func inetBits(word string, f func(x, y byte) byte) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		x, y := types.ReadInet(a[0]), types.ReadInet(a[1])
		if len(x.Addr) != len(y.Addr) {
			return null, pgerr.New(pgerr.InvalidParameterValue, "cannot %s inet values of different sizes", word)
		}
		return types.Inet{Addr: zipBytes(x.Addr, y.Addr, f), Bits: max(x.Bits, y.Bits)}.Value(), nil
	}
}

var errInetRange = pgerr.New(pgerr.NumericValueOutOfRange, "result is out of range")

// inetAdd moves an address by a number of addresses; the mask stays.
func inetAdd(v types.Value, by *big.Int) (types.Value, error) {
	n := types.ReadInet(v)
	sum := by.Add(by, new(big.Int).SetBytes(n.Addr))
	if sum.Sign() < 0 || sum.BitLen() > n.MaxBits() {
		return null, errInetRange
	}
	return types.Inet{Addr: sum.FillBytes(make([]byte, len(n.Addr))), Bits: n.Bits}.Value(), nil
}

func inetSubtract(_ *Call, a []types.Value) (types.Value, error) {
	x, y := types.ReadInet(a[0]), types.ReadInet(a[1])
	if len(x.Addr) != len(y.Addr) {
		return null, pgerr.New(pgerr.InvalidParameterValue, "cannot subtract inet values of different sizes")
	}
	d := new(big.Int).Sub(new(big.Int).SetBytes(x.Addr), new(big.Int).SetBytes(y.Addr))
	if !d.IsInt64() {
		return null, errInetRange
	}
	return types.IntValue(d.Int64()), nil
}
