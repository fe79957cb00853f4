package dev.shadow.forecast.failure;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a column of the trees says about a signal; nothing looks ahead of the reading. */
enum Aspect {
    /** Hours that the unit has run. */
    AGE(0, "%s is %s"),
    /** How many signals were not read. */
    MISSING(1, "%s are %s"),
    /** The log-odds of failure among other units with the same text. */
    ODDS_OF_TEXT(2, "%s is %s"),
    /** The signal as read. */
    READ(3, "%s is %s"),
    /** Its change since the unit's reading before. */
    STEP(4, "%s changed by %s since the reading before"),
    /** Its change since the unit's first reading. */
    SINCE_FIRST(5, "%s changed by %s since the first reading"),
    /** Its rises, each halved with every two readings that follow. */
    RECENT_RISE(6, "%s rose by %s of late"),
    /** The largest rise between two readings so far. */
    LARGEST_RISE(7, "%s rose by up to %s between two readings"),
    /** How many readings it rose at. */
    RISES(8, "%s rose at %s readings so far"),
    /** Readings since it last rose. */
    SINCE_RISE(9, "%s last rose %s readings ago");

    private final int code;
    private final String sentence;

    Aspect(int code, String sentence) {
        this.code = code;
        this.sentence = sentence;
    }

    /** The number that stands for it in a file. */
    int code() {
        return code;
    }

    static Optional<Aspect> of(int code) {
        return List.of(values()).stream().filter(a -> a.code == code).findFirst();
    }

    /** The names of what a column of this aspect may come from. */
    List<String> sources(List<String> numbers, List<String> texts) {
        return switch (this) {
            case AGE -> List.of("age_h");
            case MISSING -> List.of("missing signals");
            case ODDS_OF_TEXT -> texts;
            default -> numbers;
        };
    }

    String describe(String signal, double value) {
        if (!Double.isNaN(value)) {
            return describe(signal, plain(value));
        }
        return switch (this) {
            case SINCE_RISE -> signal + " never rose";
            case STEP, SINCE_FIRST -> "how " + signal + " changed is not known";
            default -> signal + " is not known";
        };
    }

    String describe(String signal, String value) {
        return String.format(Locale.ROOT, sentence, signal, value);
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
