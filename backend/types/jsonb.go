package types

import (
	"sort"
	"strings"
)

// ParseJsonb reads a document as jsonb: numbers become numerics, of equal keys the last stays, keys are in jsonb's order.
func ParseJsonb(s string) (JSON, error) {
	j, err := parseJSON(s, true, false)
	if err != nil {
		return j, err
	}
	return j, j.normalize()
}

// ReadJsonb reads a stored jsonb value.
func ReadJsonb(v Value) (JSON, error) { return parseJSON(string(v.B), true, false) }

// Normalize brings a tree made by hand into jsonb's form.
func (j *JSON) Normalize() error { return j.normalize() }

func (j *JSON) normalize() error {
	j.Src = ""
	if j.Kind == JSONNumber {
		b, err := canonicalNumeric(j.Str)
		if err != nil {
			return err
		}
		j.Str = string(b)
	}
	for i := range j.Elems {
		if err := j.Elems[i].normalize(); err != nil {
			return err
		}
	}
	if j.Kind == JSONObject && len(j.Keys) > 1 {
		sort.Stable((*byKey)(j))
		out := 0
		for i := range j.Keys {
			if i+1 < len(j.Keys) && j.Keys[i] == j.Keys[i+1] {
				continue
			}
			j.Keys[out], j.Elems[out] = j.Keys[i], j.Elems[i]
			out++
		}
		j.Keys, j.Elems = j.Keys[:out], j.Elems[:out]
	}
	return nil
}

// byKey orders keys by length, then bytes.
type byKey JSON

func (k *byKey) Len() int { return len(k.Keys) }
func (k *byKey) Swap(i, j int) {
	k.Keys[i], k.Keys[j] = k.Keys[j], k.Keys[i]
	k.Elems[i], k.Elems[j] = k.Elems[j], k.Elems[i]
}
func (k *byKey) Less(i, j int) bool { return CompareJsonbKeys(k.Keys[i], k.Keys[j]) < 0 }

// CompareJsonbKeys is the order in which jsonb keeps keys.
func CompareJsonbKeys(a, b string) int {
	if len(a) != len(b) {
		return sign(len(a) - len(b))
	}
	return strings.Compare(a, b)
}

// Value gives the stored form, which is also jsonb's text form.
func (j JSON) Value() Value { return TextValue(j.Append(nil)) }

// Append writes the canonical text of a jsonb.
func (j JSON) Append(dst []byte) []byte {
	switch j.Kind {
	case JSONNull:
		return append(dst, "null"...)
	case JSONBool:
		if j.True {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case JSONNumber:
		return append(dst, j.Str...)
	case JSONString:
		return AppendJSONString(dst, j.Str)
	case JSONArray:
		dst = append(dst, '[')
		for i, e := range j.Elems {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = e.Append(dst)
		}
		return append(dst, ']')
	}
	dst = append(dst, '{')
	for i, e := range j.Elems {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(AppendJSONString(dst, j.Keys[i]), ": "...)
		dst = e.Append(dst)
	}
	return append(dst, '}')
}

// AppendJSONString writes a string with quotes and escapes.
func AppendJSONString(dst []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c == '\b':
			dst = append(dst, '\\', 'b')
		case c == '\f':
			dst = append(dst, '\\', 'f')
		case c == '\n':
			dst = append(dst, '\\', 'n')
		case c == '\r':
			dst = append(dst, '\\', 'r')
		case c == '\t':
			dst = append(dst, '\\', 't')
		case c < 0x20:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// Get finds a key of a jsonb object.
func (j JSON) Get(key string) (JSON, bool) {
	if j.Kind != JSONObject {
		return JSON{}, false
	}
	i := sort.Search(len(j.Keys), func(i int) bool { return CompareJsonbKeys(j.Keys[i], key) >= 0 })
	if i < len(j.Keys) && j.Keys[i] == key {
		return j.Elems[i], true
	}
	return JSON{}, false
}

func compareJsonbText(a, b []byte) int {
	if string(a) == string(b) {
		return 0
	}
	x, err1 := parseJSON(string(a), true, false)
	y, err2 := parseJSON(string(b), true, false)
	if err1 != nil || err2 != nil {
		return strings.Compare(string(a), string(b))
	}
	return CompareJsonb(x, y)
}

// CompareJsonb orders documents: object > array > scalar, but an empty array comes before a scalar, as in PostgreSQL, which keeps a scalar
// as an array of one element.
func CompareJsonb(a, b JSON) int {
	scalarA, scalarB := a.Kind < JSONArray, b.Kind < JSONArray
	if scalarA != scalarB && a.Kind != JSONObject && b.Kind != JSONObject {
		if scalarA {
			if len(b.Elems) == 0 {
				return 1
			}
			return -1
		}
		return -CompareJsonb(b, a)
	}
	return a.compare(b)
}

func (j JSON) compare(k JSON) int {
	if j.Kind != k.Kind {
		return sign(int(j.Kind) - int(k.Kind))
	}
	switch j.Kind {
	case JSONString:
		return strings.Compare(j.Str, k.Str)
	case JSONNumber:
		return CompareNumericText([]byte(j.Str), []byte(k.Str))
	case JSONBool:
		return boolInt(j.True) - boolInt(k.True)
	}
	if len(j.Elems) != len(k.Elems) {
		return sign(len(j.Elems) - len(k.Elems))
	}
	for i := range j.Elems {
		if j.Kind == JSONObject {
			if c := strings.Compare(j.Keys[i], k.Keys[i]); c != 0 {
				return c
			}
		}
		if c := j.Elems[i].compare(k.Elems[i]); c != 0 {
			return c
		}
	}
	return 0
}
