package dev.shadow.core.placement.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.spi.InvalidValueException;
import java.io.IOException;

/** The {@code shadow-bound/1} document of a certificate. */
final class BoundDocument {
    private static final String FORMAT = "shadow-bound/1";

    private final FleetInstance fleet;
    private final int groups;
    private final int width;

    BoundDocument(FleetInstance fleet) {
        this.fleet = fleet;
        groups = HostGroups.of(fleet).count;
        width = fleet.zones * fleet.dimensions;
    }

    void write(BoundCertificate certificate, JsonGenerator json) throws IOException {
        if (certificate.reserve.length != groups * width) {
            throw new InvalidValueException("certificate", "of another fleet", "be of fleet " + fleet.name());
        }
        json.writeStartObject();
        json.writeStringField("format", FORMAT);
        json.writeStringField("instance", fleet.name);
        writeGroups(json, "lambdaCpu", "lambdaMem", certificate.reserve);
        writeGroups(json, "muCpu", "muMem", certificate.room);
        json.writeArrayFieldStart("nu");
        int products = fleet.licences.size();
        for (int g = 0; g < groups; g++) {
            json.writeStartArray();
            for (int l = 0; l < products; l++) {
                int from = (g * products + l) * (width + 1);
                json.writeStartObject();
                json.writeFieldName("c");
                writeCpu(json, certificate.opening, from);
                json.writeFieldName("m");
                writeMemory(json, certificate.opening, from);
                json.writeNumberField("d", certificate.opening[from + width]);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private void writeGroups(JsonGenerator json, String cpu, String memory, double[] values) throws IOException {
        json.writeArrayFieldStart(cpu);
        for (int g = 0; g < groups; g++) {
            writeCpu(json, values, g * width);
        }
        json.writeEndArray();
        json.writeArrayFieldStart(memory);
        for (int g = 0; g < groups; g++) {
            writeMemory(json, values, g * width);
        }
        json.writeEndArray();
    }

    private void writeCpu(JsonGenerator json, double[] values, int from) throws IOException {
        json.writeStartArray();
        for (int z = 0; z < fleet.zones; z++) {
            json.writeArray(values, from + z * fleet.dimensions, fleet.periods);
        }
        json.writeEndArray();
    }

    private void writeMemory(JsonGenerator json, double[] values, int from) throws IOException {
        json.writeStartArray();
        for (int z = 0; z < fleet.zones; z++) {
            json.writeNumber(values[from + z * fleet.dimensions + fleet.periods]);
        }
        json.writeEndArray();
    }

    BoundCertificate read(JsonNode root) {
        String format = root.path("format").asText("missing");
        if (!format.equals(FORMAT)) {
            throw new InvalidValueException("format", format, "be " + FORMAT);
        }
        int products = fleet.licences.size();
        double[] opening = new double[groups * products * (width + 1)];
        JsonNode nu = rows(root.path("nu"), "nu", groups);
        for (int g = 0; g < groups; g++) {
            JsonNode row = rows(nu.get(g), "nu[" + g + "]", products);
            for (int l = 0; l < products; l++) {
                if (!row.get(l).isNull()) {
                    readOpening(row.get(l), "nu[" + g + "][" + l + "]", opening, (g * products + l) * (width + 1));
                }
            }
        }
        return new BoundCertificate(
                readGroups(root, "lambdaCpu", "lambdaMem"), readGroups(root, "muCpu", "muMem"), opening);
    }

    private void readOpening(JsonNode node, String field, double[] into, int from) {
        readCpu(node.path("c"), field + ".c", into, from);
        readMemory(node.path("m"), field + ".m", into, from);
        into[from + width] = number(node.path("d"), field + ".d");
    }

    private double[] readGroups(JsonNode root, String cpu, String memory) {
        double[] values = new double[groups * width];
        JsonNode cpus = rows(root.path(cpu), cpu, groups);
        JsonNode memories = rows(root.path(memory), memory, groups);
        for (int g = 0; g < groups; g++) {
            readCpu(cpus.get(g), cpu + "[" + g + "]", values, g * width);
            readMemory(memories.get(g), memory + "[" + g + "]", values, g * width);
        }
        return values;
    }

    private void readCpu(JsonNode node, String field, double[] into, int from) {
        rows(node, field, fleet.zones);
        for (int z = 0; z < fleet.zones; z++) {
            String at = field + "[" + z + "]";
            JsonNode row = rows(node.get(z), at, fleet.periods);
            for (int t = 0; t < fleet.periods; t++) {
                into[from + z * fleet.dimensions + t] = number(row.get(t), at + "[" + t + "]");
            }
        }
    }

    private void readMemory(JsonNode node, String field, double[] into, int from) {
        rows(node, field, fleet.zones);
        for (int z = 0; z < fleet.zones; z++) {
            into[from + z * fleet.dimensions + fleet.periods] = number(node.get(z), field + "[" + z + "]");
        }
    }

    private static JsonNode rows(JsonNode node, String field, int count) {
        if (!node.isArray() || node.size() != count) {
            String was = node.isArray()
                    ? node.size() + " entries"
                    : node.getNodeType().name();
            throw new InvalidValueException(field, was, "be an array of " + count + " entries");
        }
        return node;
    }

    private static double number(JsonNode node, String field) {
        double value = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw new InvalidValueException(field, node.toString(), "be a number of at least 0");
        }
        return value;
    }
}
