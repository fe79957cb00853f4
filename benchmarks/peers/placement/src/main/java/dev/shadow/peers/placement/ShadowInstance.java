package dev.shadow.peers.placement;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/** A shadow placement instance as flat arrays. */
final class ShadowInstance {
    int periods;
    int zones;
    int[][] latency;
    int[][] transferPrice;
    int[] zoneOf;
    int[] rackOf;
    int racks;
    int hosts;
    int[][] capacity;
    int[][] price;
    int vms;
    int[] primary;
    int[] tier;
    int[] shadows;
    int[] mem;
    int[] disk;
    int[] standbyCpu;
    int[] standbyMem;
    int[] licence;
    int[] latencyBudget;
    int[] peerZone;
    int[] group;
    int[] dataZones;
    int[] dirty;
    int[][] previous;
    int[] extraCpu;
    int[] extraMem;
    int[] primaryCpu;
    int[] primaryMem;
    int[] primaryDisk;
    int failingHosts;
    int horizonHours;
    int movePrice;
    int licences;
    long[] unitPrice;
    long[] poolUnits;
    int[] licensedZones;
    List<Set<Integer>> licensedHosts = new ArrayList<>();
    int[][] units;
    final Map<Integer, List<Integer>> hostsOfZones = new HashMap<>();

    static ShadowInstance read(String file) throws IOException {
        JsonNode json;
        try (InputStream bytes = new FileInputStream(file);
                InputStream in = file.endsWith(".gz") ? new GZIPInputStream(bytes, 1 << 16) : bytes) {
            json = new ObjectMapper().readTree(in);
        }
        ShadowInstance read = new ShadowInstance();
        read.parse(json);
        return read;
    }

    private void parse(JsonNode json) {
        periods = json.get("periods").asInt();
        zones = json.get("azs").get("count").asInt();
        latency = matrix(json.get("azs").get("latencyUs"));
        transferPrice = matrix(json.get("azs").get("transferPrice"));
        int[] zoneOfRack = ints(json.get("racks").get("az"));
        racks = zoneOfRack.length;
        rackOf = ints(json.get("hosts").get("rack"));
        int[] type = ints(json.get("hosts").get("type"));
        hosts = rackOf.length;
        zoneOf = new int[hosts];
        capacity = new int[hosts][];
        price = new int[hosts][];
        JsonNode types = json.get("hostTypes");
        for (int h = 0; h < hosts; h++) {
            zoneOf[h] = zoneOfRack[rackOf[h]];
            capacity[h] = ints(types.get(type[h]).get("capacity"));
            price[h] = ints(types.get(type[h]).get("reservePrice"));
        }
        failingHosts = json.get("failures").get("hosts").asInt();
        horizonHours = json.get("weights").get("horizonHours").asInt();
        movePrice = json.get("weights").get("movePrice").asInt();
        parseLicences(json.get("licences"), types, type);
        parseMachines(json.get("vms"), matrix(json.get("profiles")));
    }

    private void parseLicences(JsonNode list, JsonNode types, int[] type) {
        licences = list.size();
        unitPrice = new long[licences];
        poolUnits = new long[licences];
        licensedZones = new int[licences];
        units = new int[licences][hosts];
        for (int l = 0; l < licences; l++) {
            JsonNode one = list.get(l);
            unitPrice[l] = one.get("unitPrice").asLong();
            poolUnits[l] = one.get("poolUnits").asLong();
            for (int zone : ints(one.get("allowedAz"))) {
                licensedZones[l] |= 1 << zone;
            }
            Set<Integer> licensed = new HashSet<>();
            for (int h : ints(one.get("licensedHosts"))) {
                licensed.add(h);
            }
            licensedHosts.add(licensed);
            String counted = one.get("model").asText().equals("HOST_CORE") ? "cores" : "sockets";
            for (int h = 0; h < hosts; h++) {
                int size = types.get(type[h]).get(counted).asInt();
                units[l][h] = licensed.contains(h) ? 0 : Math.max(one.get("minUnits").asInt(), size);
            }
        }
    }

    private void parseMachines(JsonNode v, int[][] profiles) {
        primary = ints(v.get("host"));
        tier = ints(v.get("tier"));
        shadows = ints(v.get("shadows"));
        int[] cpu = ints(v.get("cpu"));
        int[] profile = ints(v.get("profile"));
        mem = ints(v.get("mem"));
        disk = ints(v.get("disk"));
        standbyCpu = ints(v.get("standbyCpu"));
        standbyMem = ints(v.get("standbyMem"));
        licence = ints(v.get("licence"));
        latencyBudget = ints(v.get("latencyBudgetUs"));
        peerZone = ints(v.get("peerAz"));
        group = ints(v.get("group"));
        dataZones = ints(v.get("dataAz"));
        dirty = ints(v.get("dirty"));
        previous = matrix(v.get("prevShadows"));
        vms = primary.length;
        extraCpu = new int[vms * periods];
        extraMem = new int[vms];
        primaryCpu = new int[hosts * periods];
        primaryMem = new int[hosts];
        primaryDisk = new int[hosts];
        for (int i = 0; i < vms; i++) {
            for (int t = 0; t < periods; t++) {
                int demand = (int) (((long) cpu[i] * profiles[profile[i]][t] + 999) / 1000);
                extraCpu[i * periods + t] = Math.max(0, demand - standbyCpu[i]);
                primaryCpu[primary[i] * periods + t] += demand;
            }
            extraMem[i] = Math.max(0, mem[i] - standbyMem[i]);
            primaryMem[primary[i]] += mem[i];
            primaryDisk[primary[i]] += disk[i];
        }
    }

    /** Hosts in the zones that a virtual machine's shadows may be in: one list for all machines with the same zones. */
    List<Integer> candidates(int vm) {
        int mask = 0;
        for (int zone = 0; zone < zones; zone++) {
            boolean fits = latency[zone][peerZone[vm]] <= latencyBudget[vm]
                    && !(tier[vm] >= 3 && zone == zoneOf[primary[vm]])
                    && (licence[vm] < 0 || (licensedZones[licence[vm]] >> zone & 1) != 0);
            mask |= fits ? 1 << zone : 0;
        }
        int allowed = mask;
        return hostsOfZones.computeIfAbsent(mask, m -> {
            List<Integer> found = new ArrayList<>();
            for (int h = 0; h < hosts; h++) {
                if ((allowed >> zoneOf[h] & 1) != 0) {
                    found.add(h);
                }
            }
            java.util.Collections.shuffle(found, new java.util.Random(allowed));
            return found;
        });
    }

    long link(int vm, int host) {
        int zone = zoneOf[host];
        long traffic = (long) dirty[vm] * transferPrice[zoneOf[primary[vm]]][zone];
        for (int h : previous[vm]) {
            if (h == host) {
                return traffic;
            }
        }
        long cheapest = Long.MAX_VALUE;
        for (int source = 0; source < zones; source++) {
            if ((dataZones[vm] >> source & 1) != 0) {
                cheapest = Math.min(cheapest, transferPrice[source][zone]);
            }
        }
        return traffic + disk[vm] * cheapest / horizonHours + movePrice;
    }

    private static int[] ints(JsonNode array) {
        int[] numbers = new int[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asInt();
        }
        return numbers;
    }

    private static int[][] matrix(JsonNode rows) {
        int[][] numbers = new int[rows.size()][];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = ints(rows.get(i));
        }
        return numbers;
    }
}
