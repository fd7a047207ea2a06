package types

// ParseJSONShape reads a json value without decoding its strings: kinds, numbers of elements.
func ParseJSONShape(s string) (JSON, error) { return parseJSON(s, false, false) }
