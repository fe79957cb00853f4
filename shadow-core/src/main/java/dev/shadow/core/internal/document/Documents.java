package dev.shadow.core.internal.document;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shadow.core.json.InvalidDocumentException;
import dev.shadow.core.json.InvalidDocumentException.Problem;
import dev.shadow.spi.profile.PlacementProfile;
import dev.shadow.spi.replica.ShadowReplica;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Text to documents and back. Thread-safe. */
public final class Documents {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Documents() {}

    /** Reads a placement profile. */
    public static PlacementProfile profile(String json) {
        return read("placement profile", json, ProfileDocument::read);
    }

    /** Reads a shadow replica. */
    public static ShadowReplica replica(String json) {
        return read("shadow replica", json, ReplicaDocument::read);
    }

    static <T> T read(String document, String json, Function<Fields, T> reader) {
        List<Problem> problems = new ArrayList<>();
        T value = reader.apply(Fields.of(tree(document, json), problems));
        if (!problems.isEmpty()) {
            throw new InvalidDocumentException(document, problems);
        }
        return value;
    }

    private static JsonNode tree(String document, String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            String start = json.length() > 60 ? json.substring(0, 60) + "..." : json;
            throw new InvalidDocumentException(
                    document,
                    List.of(new Problem(
                            "",
                            start,
                            "be well-formed JSON: " + plain(e.getOriginalMessage())
                                    + (e.getLocation() == null
                                            ? ""
                                            : " at line " + e.getLocation().getLineNr() + ", column "
                                                    + e.getLocation().getColumnNr()))));
        }
    }

    /** What the parser found, without its advice on how to configure it and where it read from. */
    private static String plain(String found) {
        return found.replaceAll("\\s*\\(start marker at [^)]*\\)+", "")
                .replaceAll("\\[Source: [^\\]]*\\]", "")
                .replaceAll(": enable `[^`]*` to allow.*", " is not JSON")
                .strip();
    }

    /** Returns the document on one line. */
    public static String text(JsonNode document) {
        return document.toString();
    }
}
