package functions

import (
	"bytes"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// macaddrRows are the functions and operators of hardware addresses.
func macaddrRows() []Row {
	var rs []Row
	for _, t := range []string{"macaddr", "macaddr8"} {
		one, two := "("+t+")", "("+t+","+t+")"
		rs = append(rs,
			Row{Sig: t + "_not" + one, Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				return types.BlobValue(inverted(a[0].B)), nil
			}},
			Row{Sig: t + "_and" + two, Scalar: macPair(func(x, y byte) byte { return x & y })},
			Row{Sig: t + "_or" + two, Scalar: macPair(func(x, y byte) byte { return x | y })},
			Row{Sig: "trunc" + one, Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				b := make([]byte, len(a[0].B))
				copy(b, a[0].B[:min(3, len(b))])
				return types.BlobValue(b), nil
			}},
			Row{Sig: t + "_cmp" + two, Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
				return types.IntValue(int64(bytes.Compare(a[0].B, a[1].B))), nil
			}})
		for _, op := range comparisonOperators {
			rs = append(rs, Row{Sig: t + "_" + op.name + two, SQL: "$1 " + op.sql + " $2"})
		}
	}
	return append(rs,
		Row{Sig: "macaddr8(macaddr)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if len(a[0].B) != 6 {
				return null, errBadMac
			}
			return types.BlobValue(types.WidenMac(a[0].B)), nil
		}},
		Row{Sig: "macaddr(macaddr8)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			b := a[0].B
			if len(b) != 8 {
				return null, errBadMac
			}
			if b[3] != 0xff || b[4] != 0xfe {
				return null, pgerr.New(pgerr.NumericValueOutOfRange, "macaddr8 data out of range to convert to macaddr").
					WithHint("Only addresses that have FF and FE as values in the 4th and 5th bytes from the left, for example " +
						"xx:xx:xx:ff:fe:xx:xx:xx, are eligible to be converted from macaddr8 to macaddr.")
			}
			return types.BlobValue([]byte{b[0], b[1], b[2], b[5], b[6], b[7]}), nil
		}},
		Row{Sig: "macaddr8_set7bit(macaddr8)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			v := a[0].Clone()
			if len(v.B) != 8 {
				return null, errBadMac
			}
			v.B[0] |= 0x02
			return v, nil
		}})
}

var errBadMac = pgerr.New(pgerr.DataCorrupted, "stored hardware address is not valid")

func macPair(f func(x, y byte) byte) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		if len(a[0].B) != len(a[1].B) {
			return null, errBadMac
		}
		return types.BlobValue(zipBytes(a[0].B, a[1].B, f)), nil
	}
}
