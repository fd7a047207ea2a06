package functions

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// hasher hashes a value with a seed; without one the lower half of the result is the plain hash. extended tells which was asked for.
type hasher func(v types.Value, seed uint64, extended bool) (uint64, error)

// hashers are the types that have a hash, with the names of the functions that give it: plain and extended.
var hashers = []struct {
	oid         uint32
	plain, with string // argument lists without the seed
	hash        hasher
}{
	{types.Int2OID, "hashint2(smallint", "hashint2extended(smallint", hashInt32},
	{types.Int4OID, "hashint4(integer", "hashint4extended(integer", hashInt32},
	{types.DateOID, "", "", hashDate},
	{types.Int8OID, "hashint8(bigint", "hashint8extended(bigint", hashInt64},
	{types.OidOID, "hashoid(oid", "hashoidextended(oid", hashInt32},
	{types.CharOID, "hashchar(\"char\"", "hashcharextended(\"char\"", hashChar},
	{types.BoolOID, "", "", hashInt32},
	{types.Float4OID, "hashfloat4(real", "hashfloat4extended(real", hashFloat},
	{types.Float8OID, "hashfloat8(double precision", "hashfloat8extended(double precision", hashFloat},
	{types.NumericOID, "hash_numeric(numeric", "hash_numeric_extended(numeric", hashNumeric},
	{types.TextOID, "hashtext(text", "hashtextextended(text", hashStored},
	{types.VarcharOID, "", "", hashStored},
	{types.NameOID, "hashname(name", "hashnameextended(name", hashStored},
	{types.BpcharOID, "hashbpchar(character", "hashbpcharextended(character", hashTrimmed},
	{types.ByteaOID, "", "", hashStored},
	{types.UUIDOID, "uuid_hash(uuid", "uuid_hash_extended(uuid", hashStored},
	{types.InetOID, "hashinet(inet", "hashinetextended(inet", hashInet},
	{types.CidrOID, "", "", hashInet},
	{types.MacaddrOID, "hashmacaddr(macaddr", "hashmacaddrextended(macaddr", hashStored},
	{types.Macaddr8OID, "hashmacaddr8(macaddr8", "hashmacaddr8extended(macaddr8", hashStored},
	{types.TimestampOID, "timestamp_hash(timestamp without time zone", "timestamp_hash_extended(timestamp without time zone", hashTimestamp},
	{types.TimestamptzOID, "", "", hashTimestamp},
	{types.TimeOID, "time_hash(time without time zone", "time_hash_extended(time without time zone", hashInt64},
	{types.TimetzOID, "timetz_hash(time with time zone", "timetz_hash_extended(time with time zone", hashTimetz},
	{types.IntervalOID, "interval_hash(interval", "interval_hash_extended(interval", hashInterval},
	{types.LSNOID, "pg_lsn_hash(pg_lsn", "pg_lsn_hash_extended(pg_lsn", hashInt64},
	{types.MoneyOID, "", "", hashInt64},
	{types.JsonbOID, "jsonb_hash(jsonb", "jsonb_hash_extended(jsonb", hashJsonb},
	{types.OidvectorOID, "hashoidvector(oidvector", "hashoidvectorextended(oidvector", hashOidvector},
}

func hashRows() []Row {
	rs := []Row{
		{Sig: "hash_array(anyarray)", Scalar: hashWith(hashElements, false)}, {Sig: "hash_array_extended(anyarray,bigint)", Scalar: hashWith(hashElements, true)},
		{Sig: "hash_record(record)", Scalar: hashWith(hashColumns, false)}, {Sig: "hash_record_extended(record,bigint)", Scalar: hashWith(hashColumns, true)},
	}
	for _, h := range hashers {
		if h.plain == "" {
			continue
		}
		hash := func(_ *Call, v types.Value, seed uint64, extended bool) (uint64, error) {
			return h.hash(v, seed, extended)
		}
		rs = append(rs, Row{Sig: h.plain + ")", Scalar: hashWith(hash, false)}, Row{Sig: h.with + ",bigint)", Scalar: hashWith(hash, true)})
	}
	return rs
}

func hashWith(f func(c *Call, v types.Value, seed uint64, extended bool) (uint64, error), extended bool) Scalar {
	return func(c *Call, a []types.Value) (types.Value, error) {
		if extended {
			h, err := f(c, a[0], uint64(a[1].I), true)
			return types.IntValue(int64(h)), err
		}
		h, err := f(c, a[0], 0, false)
		return types.IntValue(int64(int32(h))), err
	}
}

// hashValue hashes a value of any type that has a hash.
func hashValue(c *Call, typ uint32, v types.Value, seed uint64, extended bool) (uint64, error) {
	base, err := baseType(c, typ)
	if err != nil {
		return 0, err
	}
	for i := range hashers {
		if hashers[i].oid == base {
			return hashers[i].hash(v, seed, extended)
		}
	}
	t, err := elemType(c, base)
	switch {
	case err != nil:
		return 0, err
	case t.Category == 'A' && t.Elem != 0:
		return hashElements(c, v, seed, extended)
	case t.Category == 'C' || base == types.RecordOID:
		return hashColumns(c, v, seed, extended)
	}
	return 0, pgerr.New(pgerr.FeatureNotSupported, "hashing type %s is not supported", t.Display)
}

// cut leaves what was asked for, so that steps of 32 bits stay such.
func cut(h uint64, extended bool) uint64 {
	if extended {
		return h
	}
	return h & math.MaxUint32
}

func hashElements(c *Call, v types.Value, seed uint64, extended bool) (uint64, error) {
	arr, err := types.ReadArray(v)
	if err != nil {
		return 0, err
	}
	return hashList(c, arr.Elems, func(int) uint32 { return arr.Elem }, 1, seed, extended)
}

func hashColumns(c *Call, v types.Value, seed uint64, extended bool) (uint64, error) {
	r, err := types.ReadRecord(v)
	if err != nil {
		return 0, err
	}
	return hashList(c, r.Columns, func(i int) uint32 { return r.Types[i] }, 0, seed, extended)
}

func hashList(c *Call, vs []types.Value, typ func(i int) uint32, start, seed uint64, extended bool) (uint64, error) {
	result := start
	for i, v := range vs {
		h := uint64(0)
		if !v.IsNull() {
			var err error
			if h, err = hashValue(c, typ(i), v, seed, extended); err != nil {
				return 0, err
			}
		}
		result = cut(result<<5-result+cut(h, extended), extended)
	}
	return result, nil
}

func hashStored(v types.Value, seed uint64, _ bool) (uint64, error) { return hashBytes(v.B, seed), nil }

func hashTrimmed(v types.Value, seed uint64, _ bool) (uint64, error) {
	return hashBytes(bytes.TrimRight(v.B, " "), seed), nil
}

// hashInet hashes what PostgreSQL keeps: the family, the length of the mask, the address.
func hashInet(v types.Value, seed uint64, _ bool) (uint64, error) {
	i := types.ReadInet(v)
	family := byte(2)
	if len(i.Addr) == 16 {
		family = 3
	}
	return hashBytes(append([]byte{family, byte(i.Bits)}, i.Addr...), seed), nil
}

func hashInt32(v types.Value, seed uint64, _ bool) (uint64, error) {
	return hashWord(uint32(v.I), seed), nil
}

func hashChar(v types.Value, seed uint64, _ bool) (uint64, error) {
	return hashWord(uint32(int32(int8(types.CharByte(v)))), seed), nil
}

func hashInt64(v types.Value, seed uint64, _ bool) (uint64, error) {
	low, high := uint32(v.I), uint32(v.I>>32)
	if v.I < 0 {
		high = ^high
	}
	return hashWord(low^high, seed), nil
}

// The hashes of dates and times are those of PostgreSQL's own numbers, which count from 2000.
func hashDate(v types.Value, seed uint64, extended bool) (uint64, error) {
	const days = 10957
	if v.I > math.MinInt32 && v.I < math.MaxInt32 {
		v.I -= days
	}
	return hashInt32(v, seed, extended)
}

func hashTimestamp(v types.Value, seed uint64, extended bool) (uint64, error) {
	const micros = 946684800000000
	switch v.I {
	case math.MaxInt64:
	case math.MinInt64 + 1:
		v.I = math.MinInt64
	default:
		v.I -= micros
	}
	return hashInt64(v, seed, extended)
}

func hashTimetz(v types.Value, seed uint64, extended bool) (uint64, error) {
	t := types.ReadTimetz(v.B)
	h, err := hashInt64(types.IntValue(t.Usec), seed, extended)
	return h ^ hashWord(uint32(t.West), seed), err
}

// hashInterval makes equal what compares equal: a month is 30 days, a day 24 hours.
func hashInterval(v types.Value, seed uint64, extended bool) (uint64, error) {
	i := types.ReadInterval(v.B)
	days := int64(i.Months)*30 + int64(i.Days)
	return hashInt64(types.IntValue(days*86400000000+i.Usec), seed, extended)
}

func hashFloat(v types.Value, seed uint64, _ bool) (uint64, error) {
	f := v.Float8()
	if f == 0 {
		return seed, nil
	}
	n := math.Float64bits(f)
	if f != f {
		n = 0x7ff8000000000000
	}
	return hashBytes(binary.LittleEndian.AppendUint64(nil, n), seed), nil
}

// hashNumeric hashes the digits of base 10000 without the zeros around them.
func hashNumeric(v types.Value, seed uint64, _ bool) (uint64, error) {
	d := readDecimal(v)
	if d.special != 0 {
		return seed, nil
	}
	if d.c.Sign() == 0 {
		return seed - 1, nil
	}
	c := new(big.Int).Abs(d.c)
	scale := d.scale
	for ; scale%4 != 0; scale++ {
		c.Mul(c, bigTen)
	}
	var digits []uint16
	group, r := big.NewInt(10000), new(big.Int)
	for c.Sign() > 0 {
		c.QuoRem(c, group, r)
		digits = append(digits, uint16(r.Int64()))
	}
	weight := len(digits) - scale/4 - 1
	for len(digits) > 0 && digits[0] == 0 {
		digits = digits[1:]
	}
	var b []byte
	for i := len(digits) - 1; i >= 0; i-- {
		b = binary.LittleEndian.AppendUint16(b, digits[i])
	}
	return hashBytes(b, seed) ^ uint64(int64(weight)), nil
}

func hashOidvector(v types.Value, seed uint64, _ bool) (uint64, error) {
	var b []byte
	err := types.EachElement(v, func(e types.Value) bool {
		b = binary.LittleEndian.AppendUint32(b, uint32(e.I))
		return true
	})
	return hashBytes(b, seed), err
}

// hashJsonb turns what it has so far around for every key and scalar; a scalar document is an array of one.
func hashJsonb(v types.Value, seed uint64, extended bool) (uint64, error) {
	j, err := types.ReadJsonb(v)
	if err != nil {
		return 0, err
	}
	if !jsonScalar(j) && len(j.Elems) == 0 {
		return seed, nil
	}
	hash := uint64(0)
	take := func(h uint64) {
		if extended {
			// Both halves turn by one bit.
			hash = uint64(bits.RotateLeft32(uint32(hash>>32), 1))<<32 | uint64(bits.RotateLeft32(uint32(hash), 1))
		} else {
			hash = uint64(bits.RotateLeft32(uint32(hash), 1))
		}
		hash = cut(hash^h, extended)
	}
	const array, object = 0x40000000, 0x20000000
	mark := func(n uint64) {
		if extended {
			n |= n << 32
		}
		hash ^= n
	}
	var walk func(j types.JSON) error
	walk = func(j types.JSON) error {
		switch j.Kind {
		case types.JSONNull:
			take(1 + seed)
		case types.JSONString:
			take(hashBytes([]byte(j.Str), seed))
		case types.JSONNumber:
			h, err := hashNumeric(types.StringValue(j.Str), seed, extended)
			take(h)
			return err
		case types.JSONBool:
			switch {
			case seed != 0:
				b := uint32(0)
				if j.True {
					b = 1
				}
				take(hashWord(b, seed))
			case j.True:
				take(2)
			default:
				take(4)
			}
		default:
			mark(map[types.JSONKind]uint64{types.JSONArray: array, types.JSONObject: object}[j.Kind])
			for i := range j.Elems {
				if j.Kind == types.JSONObject {
					take(hashBytes([]byte(j.Keys[i]), seed))
				}
				if err := walk(j.Elems[i]); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if jsonScalar(j) {
		mark(array)
	}
	err = walk(j)
	return hash, err
}
