package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.shadow.core.json.InvalidDocumentException.Problem;
import dev.shadow.spi.InvalidValueException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads the fields of one JSON object and collects what is wrong with them instead of stopping at the
 * first. Every method returns a usable value: where the document has none, it returns the {@code
 * otherwise} that it was given, and where one was required the problem is on the list.
 */
final class Fields {
    private static final int MOST_SHOWN = 160;

    private final JsonNode node;
    private final String path;
    private final List<Problem> problems;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(JsonNode node, String path, List<Problem> problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /** Returns the fields of a whole document. */
    static Fields of(JsonNode node, List<Problem> problems) {
        return at(node, "", problems);
    }

    private static Fields at(JsonNode node, String path, List<Problem> problems) {
        if (node.isObject()) {
            return new Fields(node, path, problems);
        }
        problems.add(new Problem(path, shown(node), "be a JSON object"));
        return new Fields(JsonNodeFactory.instance.objectNode(), path, new ArrayList<>());
    }

    /** Reports every field that was never asked for. */
    void refuseOthers() {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                refuse(name, shown(node.path(name)), "not be there: the fields are " + String.join(", ", known));
            }
        });
    }

    boolean has(String name) {
        known.add(name);
        return node.has(name);
    }

    /** Puts a problem of this object on the list, once for each field. */
    void refuse(String name, String value, String allowed) {
        String where = pathOf(name);
        if (problems.stream().noneMatch(p -> p.path().equals(where))) {
            problems.add(new Problem(where, value, allowed));
        }
    }

    /** Puts what a record's constructor refused on the list. */
    void refuse(InvalidValueException refused) {
        String root = refused.field().replaceAll("[.\\[].*", "");
        String name = node.has(root) || known.contains(root) ? refused.field() : "";
        refuse(
                name,
                refused.value(),
                name.isEmpty() ? refused.field() + " must " + refused.allowed() : refused.allowed());
    }

    private String pathOf(String name) {
        if (name.isEmpty()) {
            return path;
        }
        return path.isEmpty() ? name : path + "." + name;
    }

    private static String shown(JsonNode value) {
        if (value.isMissingNode()) {
            return "missing";
        }
        String text = value.toString();
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
    }

    private JsonNode get(String name) {
        known.add(name);
        return node.path(name);
    }

    private <T> T required(String name, T otherwise, String allowed, Function<JsonNode, Optional<T>> reader) {
        JsonNode value = get(name);
        Optional<T> read = value.isMissingNode() ? Optional.empty() : reader.apply(value);
        if (read.isEmpty()) {
            refuse(
                    name,
                    shown(value),
                    value.isMissingNode() ? "be given: " + allowed.replaceFirst("^be ", "") : allowed);
        }
        return read.orElse(otherwise);
    }

    private <T> T optional(String name, T otherwise, String allowed, Function<JsonNode, Optional<T>> reader) {
        return has(name) ? required(name, otherwise, allowed, reader) : otherwise;
    }

    /** Returns the value if {@code probe} accepts it, and lists what the probe refuses. */
    <T> T checked(String name, T value, T otherwise, Consumer<T> probe) {
        try {
            probe.accept(value);
            return value;
        } catch (InvalidValueException refused) {
            refuse(name, shown(get(name)), refused.allowed());
            return otherwise;
        }
    }

    /** A required value that is written as text, such as an identity. */
    <T> T identity(String name, T otherwise, Function<String, T> of) {
        String text = required(name, "", "be text", Fields::asText);
        if (get(name).isTextual()) {
            try {
                return of.apply(text);
            } catch (InvalidValueException refused) {
                refuse(name, shown(get(name)), refused.allowed());
            }
        }
        return otherwise;
    }

    /** A required value out of a few words; empty if it is none of them. */
    String word(String name, List<String> allowed) {
        return required(name, "", "be one of " + allowed, value -> asText(value).filter(allowed::contains));
    }

    String text(String name) {
        return required(name, "", "be text", Fields::asText);
    }

    String text(String name, String otherwise) {
        return optional(name, otherwise, "be text", Fields::asText);
    }

    private static Optional<String> asText(JsonNode value) {
        return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
    }

    <E extends Enum<E>> E name(String name, Class<E> type, E otherwise) {
        return optional(name, otherwise, oneOf(type), value -> constant(value, type));
    }

    <E extends Enum<E>> Optional<E> optionalName(String name, Class<E> type) {
        return has(name) ? Optional.of(requiredName(name, type)) : Optional.empty();
    }

    <E extends Enum<E>> E requiredName(String name, Class<E> type) {
        return required(name, type.getEnumConstants()[0], oneOf(type), value -> constant(value, type));
    }

    private static <E extends Enum<E>> String oneOf(Class<E> type) {
        return "be one of " + Arrays.toString(type.getEnumConstants());
    }

    private static <E extends Enum<E>> Optional<E> constant(JsonNode value, Class<E> type) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> value.isTextual() && c.name().equals(value.textValue()))
                .findFirst();
    }

    int number(String name, int otherwise, int min, int max) {
        return optional(name, otherwise, "be a whole number from " + min + " to " + max, Fields::asInt);
    }

    int requiredNumber(String name) {
        return required(name, 0, "be a whole number of 32 bits", Fields::asInt);
    }

    private static Optional<Integer> asInt(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt() ? Optional.of(value.intValue()) : Optional.empty();
    }

    long requiredLong(String name) {
        return required(name, 0L, "be a whole number of 64 bits", Fields::asLong);
    }

    Optional<Long> optionalLong(String name) {
        return has(name) ? Optional.of(requiredLong(name)) : Optional.empty();
    }

    private static Optional<Long> asLong(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() ? Optional.of(value.longValue()) : Optional.empty();
    }

    double decimal(String name, double otherwise) {
        return optional(name, otherwise, "be a number", Fields::asDouble);
    }

    double requiredDecimal(String name) {
        return required(name, 0.0, "be a number", Fields::asDouble);
    }

    private static Optional<Double> asDouble(JsonNode value) {
        return value.isNumber() && Double.isFinite(value.doubleValue())
                ? Optional.of(value.doubleValue())
                : Optional.empty();
    }

    boolean flag(String name, boolean otherwise) {
        return optional(
                name,
                otherwise,
                "be true or false",
                v -> v.isBoolean() ? Optional.of(v.booleanValue()) : Optional.empty());
    }

    Duration duration(String name, Duration otherwise) {
        return optional(name, otherwise, "be an ISO-8601 duration such as \"PT5S\"", Fields::asDuration);
    }

    Duration requiredDuration(String name) {
        return required(name, Duration.ZERO, "be an ISO-8601 duration such as \"PT5S\"", Fields::asDuration);
    }

    Optional<Duration> optionalDuration(String name) {
        return has(name) ? Optional.of(requiredDuration(name)) : Optional.empty();
    }

    private static Optional<Duration> asDuration(JsonNode value) {
        return asText(value).flatMap(text -> parsed(text, Duration::parse));
    }

    Instant requiredInstant(String name) {
        return required(
                name,
                Instant.EPOCH,
                "be an ISO-8601 instant such as \"2026-01-31T12:00:00Z\"",
                v -> asText(v).flatMap(text -> parsed(text, Instant::parse)));
    }

    Optional<Instant> optionalInstant(String name) {
        return has(name) ? Optional.of(requiredInstant(name)) : Optional.empty();
    }

    private static <T> Optional<T> parsed(String text, Function<String, T> parse) {
        try {
            return Optional.of(parse.apply(text));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** Reads a required object. */
    <T> T object(String name, Function<Fields, T> reader) {
        JsonNode value = get(name);
        if (value.isMissingNode()) {
            refuse(name, "missing", "be given: a JSON object");
            return reader.apply(new Fields(JsonNodeFactory.instance.objectNode(), pathOf(name), new ArrayList<>()));
        }
        return reader.apply(at(value, pathOf(name), problems));
    }

    <T> Optional<T> optionalObject(String name, Function<Fields, T> reader) {
        return has(name) ? Optional.of(object(name, reader)) : Optional.empty();
    }

    /** Reads an array of objects; missing means empty. */
    <T> List<T> objects(String name, Function<Fields, T> reader) {
        return elements(name, (value, where) -> reader.apply(at(value, where, problems)));
    }

    /** Reads an array of enum constants. */
    <E extends Enum<E>> List<E> names(String name, Class<E> type) {
        return elements(name, (value, where) -> {
            Optional<E> constant = constant(value, type);
            if (constant.isEmpty()) {
                problems.add(new Problem(where, shown(value), oneOf(type)));
            }
            return constant.orElse(type.getEnumConstants()[0]);
        });
    }

    private <T> List<T> elements(String name, ElementReader<T> reader) {
        JsonNode value = get(name);
        List<T> elements = new ArrayList<>();
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                elements.add(reader.read(value.path(i), pathOf(name) + "[" + i + "]"));
            }
        } else if (!value.isMissingNode()) {
            refuse(name, shown(value), "be a JSON array");
        }
        return elements;
    }

    /** Whether a value of this object stands on the list of problems. */
    boolean isRefused(String name) {
        String where = pathOf(name);
        Predicate<String> below = p -> p.equals(where) || p.startsWith(where + ".") || p.startsWith(where + "[");
        return problems.stream().map(Problem::path).anyMatch(below);
    }

    /** Whether nothing is wrong so far, in this object or around it. */
    boolean isSound() {
        return problems.isEmpty();
    }

    JsonNode raw(String name) {
        JsonNode value = get(name);
        return value == null ? MissingNode.getInstance() : value;
    }

    @FunctionalInterface
    private interface ElementReader<T> {
        T read(JsonNode value, String where);
    }
}
