package dev.shadow.core.placement.plan;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Multipliers that prove a lower bound on the cost of any plan of a fleet ({@code shadow-bound/1}): a price for the failover
 * load of each zone event in each group of like hosts, and for the load on hosts that must be opened for a product.
 *
 * <p>For every group, zone and dimension the reserve of the group is at least the load of the zone's machines whose first
 * shadow is in the group. Multiplied by numbers that sum to no more than the price of reserve, these true inequalities add up
 * to a cost per machine and group that can be minimised for each machine alone. Multipliers for the capacity of groups are
 * zero here. Immutable.
 */
public final class BoundCertificate {
    private final FleetInstance fleet;
    private final BoundPrices prices;
    private final double value;

    BoundCertificate(FleetInstance fleet, BoundPrices prices) {
        this.fleet = fleet;
        this.prices = prices;
        value = prices.bound(null);
    }

    /** The lower bound in micro-credits per hour. */
    public double value() {
        return value;
    }

    /** Writes it as a {@code shadow-bound/1} document. */
    public void write(Path file) throws IOException {
        try (OutputStream out = FleetDocuments.output(file);
                JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("format", "shadow-bound/1");
            json.writeStringField("instance", fleet.name);
            json.writeArrayFieldStart("lambdaCpu");
            for (int g = 0; g < prices.groups.count; g++) {
                writeCpu(json, prices.lambda, g * prices.width);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("lambdaMem");
            for (int g = 0; g < prices.groups.count; g++) {
                writeMemory(json, prices.lambda, g * prices.width);
            }
            json.writeEndArray();
            double[] zero = new double[prices.width];
            json.writeArrayFieldStart("muCpu");
            for (int g = 0; g < prices.groups.count; g++) {
                writeCpu(json, zero, 0);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("muMem");
            for (int g = 0; g < prices.groups.count; g++) {
                writeMemory(json, zero, 0);
            }
            json.writeEndArray();
            writeOpening(json);
            json.writeNumberField("bound", value);
            json.writeEndObject();
        }
    }

    private void writeOpening(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("nu");
        for (int g = 0; g < prices.groups.count; g++) {
            json.writeStartArray();
            for (int l = 0; l < fleet.licences.size(); l++) {
                int from = prices.openingAt(g, l);
                json.writeStartObject();
                json.writeFieldName("c");
                writeCpu(json, prices.opening, from);
                json.writeFieldName("m");
                writeMemory(json, prices.opening, from);
                json.writeNumberField("d", prices.opening[from + prices.width]);
                json.writeEndObject();
            }
            json.writeEndArray();
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
}
