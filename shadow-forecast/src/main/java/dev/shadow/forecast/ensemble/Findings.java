package dev.shadow.forecast.ensemble;

import dev.shadow.spi.InvalidValueException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Numbers that a fit finds by searching, by the name of the part they belong to and their own: {@code theta.alpha}. A fit
 * notes them; a rebuild is given them and searches nothing. Not thread-safe; owned by one fit.
 */
public final class Findings {
    private final Map<String, Double> all;
    private final boolean given;

    private Findings(Map<String, Double> all, boolean given) {
        this.all = all;
        this.given = given;
    }

    /** Nothing yet: every part is searched for. */
    static Findings none() {
        return new Findings(new LinkedHashMap<>(), false);
    }

    /** What an earlier fit found. */
    static Findings of(Map<String, Double> found) {
        return new Findings(found, true);
    }

    /** Returns what was found for a part, by the names within it; searches if nothing is given. */
    Map<String, Double> of(String part, Supplier<Map<String, Double>> search) {
        return given ? given(part) : noted(part, search.get());
    }

    private Map<String, Double> noted(String part, Map<String, Double> found) {
        found.forEach((name, number) -> all.put(part + "." + name, number));
        return found;
    }

    private Map<String, Double> given(String part) {
        Map<String, Double> found = new LinkedHashMap<>();
        String prefix = part + ".";
        all.forEach((name, number) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), number);
            }
        });
        return found;
    }

    /** All that was found so far. */
    Map<String, Double> all() {
        return new LinkedHashMap<>(all);
    }

    /**
     * A number that must be there.
     *
     * @throws InvalidValueException if it is not
     */
    public static double number(Map<String, Double> found, String name) {
        Double number = found.get(name);
        if (number == null) {
            throw new InvalidValueException("parameters." + name, "null", "be given");
        }
        return number;
    }
}
