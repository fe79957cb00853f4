package dev.shadow.core.placement.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shadow.spi.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Turns the tree of a {@code shadow-placement/1} document into a fleet, and complains with the path of a field. */
final class FleetReader {
    private static final String FORMAT = "shadow-placement/1";
    private static final List<String> VM_COLUMNS = List.of(
            "host",
            "tier",
            "shadows",
            "cpu",
            "mem",
            "disk",
            "profile",
            "standbyCpu",
            "standbyMem",
            "licence",
            "latencyBudgetUs",
            "peerAz",
            "group",
            "dataAz",
            "dirty");

    private FleetReader() {}

    static FleetInstance read(JsonNode root) {
        String format = root.path("format").asText("missing");
        if (!format.equals(FORMAT)) {
            throw new InvalidValueException("format", format, "be " + FORMAT);
        }
        FleetInstanceBuilder fleet =
                FleetInstance.builder().name(root.path("name").asText("fleet"));
        fleet.periods(number(root, "", "periods"));
        readTopology(root, fleet);
        readLicences(root, fleet);
        for (int[] profile : table(root.path("profiles"), "profiles")) {
            fleet.profile(profile);
        }
        JsonNode failures = root.path("failures");
        for (String level : List.of("az", "rack")) {
            Refusals.inRange("failures." + level, number(failures, "failures.", level), 1, 1);
        }
        fleet.hostFailures(number(failures, "failures.", "hosts"));
        JsonNode weights = root.path("weights");
        fleet.weights(number(weights, "weights.", "horizonHours"), number(weights, "weights.", "movePrice"));
        readVms(root.path("vms"), fleet);
        return fleet.build();
    }

    private static void readTopology(JsonNode root, FleetInstanceBuilder fleet) {
        JsonNode zones = root.path("azs");
        int[][] latency = table(zones.path("latencyUs"), "azs.latencyUs");
        int count = number(zones, "azs.", "count");
        if (count != latency.length) {
            throw new InvalidValueException(
                    "azs.count", Integer.toString(count), "be the number of rows of azs.latencyUs, " + latency.length);
        }
        fleet.zones(latency, table(zones.path("transferPrice"), "azs.transferPrice"));
        for (int zone : numbers(root.path("racks").path("az"), "racks.az")) {
            fleet.rack(zone);
        }
        JsonNode types = array(root.path("hostTypes"), "hostTypes");
        for (int i = 0; i < types.size(); i++) {
            String at = "hostTypes[" + i + "].";
            int[] capacity = triple(types.get(i).path("capacity"), at + "capacity");
            int[] price = triple(types.get(i).path("reservePrice"), at + "reservePrice");
            int cores = number(types.get(i), at, "cores");
            int sockets = number(types.get(i), at, "sockets");
            fleet.hostType(within(
                    at,
                    () -> new HostType(
                            capacity[0], capacity[1], capacity[2], cores, sockets, price[0], price[1], price[2])));
        }
        int[] racks = numbers(root.path("hosts").path("rack"), "hosts.rack");
        int[] hostTypes = numbers(root.path("hosts").path("type"), "hosts.type");
        sameLength("hosts.type", hostTypes.length, racks.length);
        for (int h = 0; h < racks.length; h++) {
            fleet.host(racks[h], hostTypes[h]);
        }
    }

    private static void readLicences(JsonNode root, FleetInstanceBuilder fleet) {
        JsonNode licences = array(root.path("licences"), "licences");
        for (int l = 0; l < licences.size(); l++) {
            JsonNode node = licences.get(l);
            String at = "licences[" + l + "].";
            String model = node.path("model").asText("missing");
            LicenceProduct.Model counted = Arrays.stream(LicenceProduct.Model.values())
                    .filter(m -> m.name().equals(model.toUpperCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() -> new InvalidValueException(
                            at + "model", model, "be one of " + Arrays.toString(LicenceProduct.Model.values())));
            int minUnits = number(node, at, "minUnits");
            int unitPrice = number(node, at, "unitPrice");
            int pool = number(node, at, "poolUnits");
            List<Integer> zones = boxed(numbers(node.path("allowedAz"), at + "allowedAz"));
            List<Integer> hosts = boxed(numbers(node.path("licensedHosts"), at + "licensedHosts"));
            String name = node.path("name").asText("product-" + l);
            fleet.licence(within(at, () -> new LicenceProduct(name, counted, minUnits, unitPrice, zones, hosts, pool)));
        }
    }

    private static void readVms(JsonNode node, FleetInstanceBuilder fleet) {
        int[][] column = new int[VM_COLUMNS.size()][];
        for (int c = 0; c < column.length; c++) {
            String name = VM_COLUMNS.get(c);
            column[c] = numbers(node.path(name), "vms." + name);
            sameLength("vms." + name, column[c].length, column[0].length);
        }
        int[][] previous = table(node.path("prevShadows"), "vms.prevShadows");
        sameLength("vms.prevShadows", previous.length, column[0].length);
        ProtectedVm.Tier[] tiers = ProtectedVm.Tier.values();
        for (int i = 0; i < column[0].length; i++) {
            int v = i;
            Refusals.inRange("vms.tier[" + v + "]", column[1][v], 0, tiers.length - 1);
            fleet.vm(named(
                    "vms.",
                    "[" + v + "]",
                    () -> new ProtectedVm(
                            column[0][v],
                            tiers[column[1][v]],
                            column[2][v],
                            column[3][v],
                            column[4][v],
                            column[5][v],
                            column[6][v],
                            column[7][v],
                            column[8][v],
                            column[9][v],
                            column[10][v],
                            column[11][v],
                            column[12][v],
                            column[13][v],
                            column[14][v],
                            boxed(previous[v]))));
        }
    }

    /** What is read of one field. */
    private interface Reading<T> {
        T read();
    }

    private static <T> T within(String path, Reading<T> reading) {
        return named(path, "", reading);
    }

    private static <T> T named(String before, String after, Reading<T> reading) {
        try {
            return reading.read();
        } catch (InvalidValueException e) {
            throw new InvalidValueException(before + e.field() + after, e.value(), e.allowed());
        }
    }

    private static void sameLength(String field, int length, int wanted) {
        if (length != wanted) {
            throw new InvalidValueException(field, length + " values", "have " + wanted + " values as its neighbours");
        }
    }

    private static JsonNode array(JsonNode node, String field) {
        if (!node.isArray()) {
            throw new InvalidValueException(field, shown(node), "be an array");
        }
        return node;
    }

    private static int[] triple(JsonNode node, String field) {
        int[] three = numbers(node, field);
        if (three.length != 3) {
            throw new InvalidValueException(field, three.length + " values", "have a value for cpu, memory and disk");
        }
        return three;
    }

    static int[][] table(JsonNode node, String field) {
        array(node, field);
        int[][] rows = new int[node.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = numbers(node.get(i), field + "[" + i + "]");
        }
        return rows;
    }

    private static int[] numbers(JsonNode node, String field) {
        array(node, field);
        int[] numbers = new int[node.size()];
        for (int i = 0; i < numbers.length; i++) {
            JsonNode value = node.get(i);
            numbers[i] = value.isInt() ? value.intValue() : refuse(value, field + "[" + i + "]");
        }
        return numbers;
    }

    private static int number(JsonNode object, String path, String field) {
        JsonNode value = object.path(field);
        return value.isInt() ? value.intValue() : refuse(value, path + field);
    }

    private static int refuse(JsonNode value, String field) {
        throw new InvalidValueException(field, shown(value), "be a whole number below 2^31");
    }

    private static String shown(JsonNode value) {
        String text = value.isMissingNode() ? "missing" : value.toString();
        return text.length() > 60 ? text.substring(0, 57) + "..." : text;
    }

    private static List<Integer> boxed(int[] numbers) {
        List<Integer> list = new ArrayList<>(numbers.length);
        for (int n : numbers) {
            list.add(n);
        }
        return list;
    }
}
