package dev.shadow.examples.command;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads the values of options; a wrong one is refused with the option, the value, and what is allowed. */
public final class OptionValues {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKmMgG]?)i?[bB]?");
    private static final Pattern TIME = Pattern.compile("(\\d{1,7})(ms|s|m)");

    private final CommandSpec spec;

    /** Returns a reader that complains in the name of {@code spec}. */
    public OptionValues(CommandSpec spec) {
        this.spec = spec;
    }

    /** One of several words. */
    public <T> T choice(String option, String value, Map<String, T> allowed) {
        T choice = allowed.get(value.toLowerCase(Locale.ROOT));
        if (choice == null) {
            throw refused(option, value, "be one of " + String.join(", ", new TreeSet<>(allowed.keySet())));
        }
        return choice;
    }

    /** A whole number. */
    public long number(String option, String value, long min, long max) {
        String allowed =
                max == Long.MAX_VALUE ? "be a number of at least " + min : "be a number from " + min + " to " + max;
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(option, value, allowed);
        }
        throw refused(option, value, allowed);
    }

    /** Bytes, with a unit. */
    public long size(String option, String value, long min, long max) {
        String allowed = "be a size such as 64M, from " + (min >> 20) + "M to " + (max >> 30) + "G";
        Matcher matcher = SIZE.matcher(value);
        if (!matcher.matches()) {
            throw refused(option, value, allowed);
        }
        int shift = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "k" -> 10;
            case "m" -> 20;
            case "g" -> 30;
            default -> 0;
        };
        long count = Long.parseLong(matcher.group(1));
        if (count > max >> shift || count << shift < min) {
            throw refused(option, value, allowed);
        }
        return count << shift;
    }

    /** A time, with its unit. */
    public Duration time(String option, String value, Duration min, Duration max) {
        String allowed = "be a time such as 500ms, 4s or 1m, from " + min.toMillis() + "ms to " + max.toSeconds() + "s";
        Matcher matcher = TIME.matcher(value);
        if (!matcher.matches()) {
            throw refused(option, value, allowed);
        }
        long count = Long.parseLong(matcher.group(1));
        Duration time = switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMinutes(count);
        };
        if (time.compareTo(min) < 0 || time.compareTo(max) > 0) {
            throw refused(option, value, allowed);
        }
        return time;
    }

    /** Complains of a value. */
    public ParameterException refused(String option, String value, String allowed) {
        return new ParameterException(spec.commandLine(), option + " must " + allowed + ", was '" + value + "'");
    }
}
