package dev.shadow.core.placement.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shadow.spi.InvalidValueException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Reads fleets ({@code shadow-placement/1}), reads and writes plans ({@code shadow-solution/1}) and certificates of a lower
 * bound ({@code shadow-bound/1}). A file whose name ends in {@code .gz} is compressed. Thread-safe.
 */
public final class FleetDocuments {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private FleetDocuments() {}

    /**
     * Reads a fleet.
     *
     * @throws InvalidValueException if a field is missing or makes no sense; names its path
     * @throws IOException if the file cannot be read
     */
    public static FleetInstance readFleet(Path file) throws IOException {
        return FleetReader.read(tree(file));
    }

    /**
     * Reads a plan of a fleet.
     *
     * @throws InvalidValueException if it does not belong to the fleet; names the field
     * @throws IOException if the file cannot be read
     */
    public static FleetPlan readPlan(FleetInstance fleet, Path file) throws IOException {
        JsonNode root = tree(file);
        return FleetPlan.of(fleet, FleetReader.table(root.isArray() ? root : root.path("shadows"), "shadows"));
    }

    /** Writes a plan. */
    public static void writePlan(FleetPlan plan, Path file) throws IOException {
        try (OutputStream out = output(file);
                JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("format", "shadow-solution/1");
            json.writeArrayFieldStart("shadows");
            for (int v = 0; v < plan.vmCount(); v++) {
                json.writeArray(plan.raw(v), 0, plan.raw(v).length);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /**
     * Reads a certificate of the fleet. What it proves, if anything, {@link BoundAudit} says.
     *
     * @throws InvalidValueException if a multiplier is missing, negative or no number; names its path
     * @throws IOException if the file cannot be read
     */
    public static BoundCertificate readBound(FleetInstance fleet, Path file) throws IOException {
        return new BoundDocument(fleet).read(tree(file));
    }

    /** Writes a certificate of the fleet. */
    public static void writeBound(FleetInstance fleet, BoundCertificate certificate, Path file) throws IOException {
        try (OutputStream out = output(file);
                JsonGenerator json = new JsonFactory().createGenerator(out)) {
            new BoundDocument(fleet).write(certificate, json);
        }
    }

    static JsonNode tree(Path file) throws IOException {
        try (InputStream in = input(file)) {
            JsonNode root = JSON.readTree(in);
            if (root == null || root.isMissingNode()) {
                throw new InvalidValueException(file.toString(), "empty", "be a JSON document");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new InvalidValueException(
                    file.toString(),
                    e.getOriginalMessage() + " in line " + e.getLocation().getLineNr(),
                    "be a JSON document");
        }
    }

    private static InputStream input(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : new BufferedInputStream(in);
    }

    static OutputStream output(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPOutputStream(out) : new BufferedOutputStream(out);
    }
}
