package types

import "strconv"

// OIDs of the types that are an OID shown as the name of a catalog object.
const (
	RegprocOID      = 24
	RegprocedureOID = 2202
	RegoperOID      = 2203
	RegoperatorOID  = 2204
	RegclassOID     = 2205
	RegtypeOID      = 2206
	RegconfigOID    = 3734
	RegdictOID      = 3769
	RegnamespaceOID = 4089
	RegroleOID      = 4096
	RegcollationOID = 4191
)

func init() {
	for _, r := range []struct {
		oid, array uint32
		name       string
	}{
		{RegprocOID, 1008, "regproc"}, {RegprocedureOID, 2207, "regprocedure"}, {RegoperOID, 2208, "regoper"},
		{RegoperatorOID, 2209, "regoperator"}, {RegclassOID, 2210, "regclass"}, {RegtypeOID, 2211, "regtype"},
		{RegconfigOID, 3735, "regconfig"}, {RegdictOID, 3770, "regdictionary"}, {RegnamespaceOID, 4090, "regnamespace"},
		{RegroleOID, 4097, "regrole"}, {RegcollationOID, 4192, "regcollation"},
	} {
		register(regType(r.oid, r.array, r.name))
	}
}

func regType(oid, array uint32, kind string) *Type {
	// The operator types write 0 as the number, since - is an operator.
	none := "-"
	if kind == "regoper" || kind == "regoperator" {
		none = "0"
	}
	return &Type{
		OID: oid, Name: kind, Display: kind, Array: array, Category: 'N', Len: 4, Delim: ',', Store: Int, Compare: compareInts,
		Receive: oidRecv, Send: int4Send,
		Input: func(c *Context, s string, typmod int32) (Value, error) {
			if s == none {
				return IntValue(0), nil
			}
			if isDigits(s) {
				return oidIn(c, s, typmod)
			}
			if c.Names == nil {
				return Value{}, errNoNames
			}
			o, err := c.Names.ObjectOID(kind, s)
			return IntValue(int64(o)), err
		},
		Output: func(c *Context, dst []byte, v Value) []byte {
			if v.I == 0 {
				return append(dst, none...)
			}
			if c.Names != nil {
				if name, ok := c.Names.ObjectName(kind, uint32(v.I)); ok {
					return append(dst, name...)
				}
			}
			return strconv.AppendInt(dst, v.I, 10)
		},
	}
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
