package types

import "strings"

// Kinds of the fields a date or time is made of in text.
type fieldKind uint8

const (
	fieldNumber fieldKind = iota
	fieldString
	fieldDate
	fieldTime
	fieldZone
	fieldSpecial
)

type dateField struct {
	kind fieldKind
	text string
}

const maxDateFields = 25

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isAlpha(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isPunct(c byte) bool { return c > ' ' && c < 0x7f && !isDigit(c) && !isAlpha(c) }

// splitDateTime cuts the text into fields the way PostgreSQL's ParseDateTime does; words come in lower case. ok is false where it has no such form.
func splitDateTime(s string) (fields []dateField, ok bool) {
	s = lowerASCII(s)
	i := 0
	at := func(j int) byte {
		if j < len(s) {
			return s[j]
		}
		return 0
	}
	run := func(in func(byte) bool) {
		for i < len(s) && in(s[i]) {
			i++
		}
	}
	for i < len(s) {
		c := s[i]
		if isSpace(c) {
			i++
			continue
		}
		start := i
		kind := fieldNumber
		text := ""
		switch {
		case isDigit(c):
			run(isDigit)
			switch d := at(i); d {
			case ':':
				kind = fieldTime
				run(func(b byte) bool { return isDigit(b) || b == ':' || b == '.' })
			case '-', '/', '.':
				i++
				if isDigit(at(i)) {
					if d != '.' {
						kind = fieldDate
					}
					run(isDigit)
					if at(i) == d {
						kind = fieldDate
						run(func(b byte) bool { return isDigit(b) || b == d })
					}
				} else {
					kind = fieldDate
					run(func(b byte) bool { return isDigit(b) || isAlpha(b) || b == d })
				}
			}
		case c == '.':
			i++
			run(isDigit)
		case isAlpha(c):
			kind = fieldString
			run(isAlpha)
			d := at(i)
			isDate := d == '-' || d == '/' || d == '.'
			if d == '+' || isDigit(d) {
				_, known := dateWords[s[start:i]]
				isDate = !known
			}
			if isDate {
				kind = fieldDate
				run(func(b byte) bool {
					return b == '+' || b == '-' || b == '/' || b == '_' || b == '.' || b == ':' || isDigit(b) || isAlpha(b)
				})
			}
		case c == '+' || c == '-':
			i++
			run(isSpace)
			first := i
			switch {
			case isDigit(at(i)):
				kind = fieldZone
				run(func(b byte) bool { return isDigit(b) || b == ':' || b == '.' || b == '-' })
			case isAlpha(at(i)):
				kind = fieldSpecial
				run(isAlpha)
			default:
				return nil, false
			}
			text = string(c) + s[first:i]
		case isPunct(c):
			i++
			continue
		default:
			return nil, false
		}
		if text == "" {
			text = s[start:i]
		}
		if len(fields) >= maxDateFields {
			return nil, false
		}
		fields = append(fields, dateField{kind, text})
	}
	return fields, true
}

// wordKind is what a word in a date or time means.
type wordKind uint8

const (
	wordReserved wordKind = iota
	wordMonth
	wordYear
	wordDay
	wordZone
	wordDST
	wordIgnore
	wordAmPm
	wordHour
	wordMinute
	wordSecond
	wordDoy
	wordDow
	wordUnit
	wordEra
	wordIsoTime
	wordDSTModifier
	wordUnknown
)

// Values of wordReserved and wordUnit.
const (
	valNow = iota + 1
	valToday
	valTomorrow
	valYesterday
	valZulu
	valEpoch
	valLate
	valEarly
	unitYear
	unitMonth
	unitDay
	unitHour
	unitMinute
	unitSecond
	unitJulian
	unitTime
	unitOther // dow, doy and such: no date can be made of them
)

type dateWord struct {
	kind wordKind
	val  int
}

// dateWords holds what is fixed; months and days of the week are cut by lookupWord.
var dateWords = map[string]dateWord{
	"-infinity": {wordReserved, valEarly}, "infinity": {wordReserved, valLate},
	"now": {wordReserved, valNow}, "today": {wordReserved, valToday}, "tomorrow": {wordReserved, valTomorrow},
	"yesterday": {wordReserved, valYesterday}, "allballs": {wordReserved, valZulu}, "epoch": {wordReserved, valEpoch},
	"ad": {wordEra, 0}, "bc": {wordEra, 1}, "am": {wordAmPm, 1}, "pm": {wordAmPm, 2}, "at": {wordIgnore, 0}, "on": {wordIgnore, 0},
	"dst": {wordDSTModifier, 3600}, "t": {wordIsoTime, unitTime},
	"d": {wordUnit, unitDay}, "h": {wordUnit, unitHour}, "j": {wordUnit, unitJulian}, "jd": {wordUnit, unitJulian}, "julian": {wordUnit, unitJulian},
	"m": {wordUnit, unitMonth}, "mm": {wordUnit, unitMinute}, "s": {wordUnit, unitSecond}, "y": {wordUnit, unitYear},
	"dow": {wordUnit, unitOther}, "doy": {wordUnit, unitOther}, "isodow": {wordUnit, unitOther}, "isoyear": {wordUnit, unitOther},
	"jan": {wordMonth, 1}, "january": {wordMonth, 1}, "feb": {wordMonth, 2}, "february": {wordMonth, 2}, "mar": {wordMonth, 3},
	"march": {wordMonth, 3}, "apr": {wordMonth, 4}, "april": {wordMonth, 4}, "may": {wordMonth, 5}, "jun": {wordMonth, 6},
	"june": {wordMonth, 6}, "jul": {wordMonth, 7}, "july": {wordMonth, 7}, "aug": {wordMonth, 8}, "august": {wordMonth, 8},
	"sep": {wordMonth, 9}, "sept": {wordMonth, 9}, "september": {wordMonth, 9}, "oct": {wordMonth, 10}, "october": {wordMonth, 10},
	"nov": {wordMonth, 11}, "november": {wordMonth, 11}, "dec": {wordMonth, 12}, "december": {wordMonth, 12},
	"sun": {wordDow, 0}, "sunday": {wordDow, 0}, "mon": {wordDow, 1}, "monday": {wordDow, 1}, "tue": {wordDow, 2}, "tues": {wordDow, 2},
	"tuesday": {wordDow, 2}, "wed": {wordDow, 3}, "weds": {wordDow, 3}, "wednesday": {wordDow, 3}, "thu": {wordDow, 4},
	"thur": {wordDow, 4}, "thurs": {wordDow, 4}, "thursday": {wordDow, 4}, "fri": {wordDow, 5}, "friday": {wordDow, 5},
	"sat": {wordDow, 6}, "saturday": {wordDow, 6},
}

// lookupWord finds a word of a date or time; zone abbreviations come first.
func lookupWord(w string, zones bool) dateWord {
	if zones {
		if off, dst, ok := ZoneAbbreviation(w); ok {
			if dst {
				return dateWord{wordDST, off}
			}
			return dateWord{wordZone, off}
		}
	}
	// PostgreSQL compares no more than ten characters.
	if len(w) > 10 {
		for k, v := range dateWords {
			if len(k) >= 10 && strings.HasPrefix(w, k[:10]) {
				return v
			}
		}
	}
	if v, ok := dateWords[w]; ok {
		return v
	}
	return dateWord{kind: wordUnknown}
}
