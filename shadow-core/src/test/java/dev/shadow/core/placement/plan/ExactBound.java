package dev.shadow.core.placement.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

/**
 * What a certificate's document proves, worked out host by host in exact arithmetic: every host counts as one that a shadow may
 * take, with the multipliers of the group that it is in.
 */
final class ExactBound {
    private final FleetInstance fleet;
    private final JsonNode document;
    private final List<List<Integer>> groups = new ArrayList<>();

    ExactBound(FleetInstance fleet, Path file) throws IOException {
        this.fleet = fleet;
        document = new ObjectMapper().readTree(file.toFile());
        for (int h = 0; h < fleet.hostCount(); h++) {
            int host = h;
            groups.stream()
                    .filter(g -> like(g.get(0), host))
                    .findFirst()
                    .orElseGet(() -> {
                        groups.add(new ArrayList<>());
                        return groups.get(groups.size() - 1);
                    })
                    .add(h);
        }
    }

    private boolean like(int a, int b) {
        HostType one = fleet.typeOf(a);
        HostType other = fleet.typeOf(b);
        return fleet.zoneOf(a) == fleet.zoneOf(b)
                && one.cpuPrice() == other.cpuPrice()
                && one.memoryPrice() == other.memoryPrice()
                && one.diskPrice() == other.diskPrice()
                && one.cores() == other.cores()
                && one.sockets() == other.sockets()
                && fleet.licences().stream()
                        .allMatch(l -> l.licensedHosts().contains(a)
                                == l.licensedHosts().contains(b));
    }

    /** Whether no multipliers cost more than what they stand for, to the last digit. */
    boolean holds() {
        for (int g = 0; g < groups.size(); g++) {
            HostType type = fleet.typeOf(groups.get(g).get(0));
            if (sum(document.at("/lambdaCpu/" + g)).compareTo(BigDecimal.valueOf(type.cpuPrice())) > 0
                    || sum(document.at("/lambdaMem/" + g)).compareTo(BigDecimal.valueOf(type.memoryPrice())) > 0) {
                return false;
            }
            for (int l = 0; l < fleet.licences().size(); l++) {
                long whole = (long) fleet.licences().get(l).units(type)
                        * fleet.licences().get(l).unitPrice();
                if (opening(g, l).compareTo(BigDecimal.valueOf(whole)) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private BigDecimal opening(int g, int l) {
        BigDecimal sum = times(
                at("/nu/" + g + "/" + l + "/d"), most(g, h -> fleet.typeOf(h).disk()));
        for (int z = 0; z < fleet.zoneCount(); z++) {
            for (int t = 0; t < fleet.periods(); t++) {
                int period = t;
                sum = sum.add(times(at("/nu/" + g + "/" + l + "/c/" + z + "/" + t), most(g, h -> freeCpu(h, period))));
            }
            sum = sum.add(times(at("/nu/" + g + "/" + l + "/m/" + z), most(g, this::freeMemory)));
        }
        return sum;
    }

    private long most(int g, ToLongFunction<Integer> free) {
        return Math.max(0, groups.get(g).stream().mapToLong(free).max().orElseThrow());
    }

    private long freeCpu(int h, int t) {
        return fleet.typeOf(h).cpu()
                - primaries(h).mapToLong(v -> fleet.demand(v, t)).sum();
    }

    private long freeMemory(int h) {
        return fleet.typeOf(h).memory()
                - primaries(h).mapToLong(v -> fleet.vm(v).memory()).sum();
    }

    private IntStream primaries(int h) {
        return IntStream.range(0, fleet.vmCount()).filter(v -> fleet.vm(v).host() == h);
    }

    BigDecimal value() {
        BigDecimal total = BigDecimal.ZERO;
        for (int g = 0; g < groups.size(); g++) {
            for (int z = 0; z < fleet.zoneCount(); z++) {
                for (int t = 0; t < fleet.periods(); t++) {
                    for (int h : groups.get(g)) {
                        total = total.subtract(times(at("/muCpu/" + g + "/" + z + "/" + t), freeCpu(h, t)));
                    }
                }
                for (int h : groups.get(g)) {
                    total = total.subtract(times(at("/muMem/" + g + "/" + z), freeMemory(h)));
                }
            }
        }
        for (int v = 0; v < fleet.vmCount(); v++) {
            for (int rank = 0; rank < fleet.vm(v).shadows(); rank++) {
                total = total.add(least(v, rank));
            }
        }
        return total;
    }

    private BigDecimal least(int v, int rank) {
        ProtectedVm vm = fleet.vm(v);
        BigDecimal least = null;
        for (int g = 0; g < groups.size(); g++) {
            for (int h : groups.get(g)) {
                boolean admissible = !(vm.tier() == ProtectedVm.Tier.ZONE && fleet.zoneOf(h) == fleet.zoneOf(vm.host()))
                        && fleet.latencyMicros(fleet.zoneOf(h), vm.peerZone()) <= vm.latencyBudgetMicros()
                        && (vm.licence() < 0
                                || fleet.licences()
                                        .get(vm.licence())
                                        .allowedZones()
                                        .contains(fleet.zoneOf(h)));
                if (admissible) {
                    BigDecimal cost = cost(v, vm, g, h, rank);
                    least = least == null ? cost : least.min(cost);
                }
            }
        }
        if (least == null) {
            throw new IllegalArgumentException("machine " + v + " can be nowhere");
        }
        return least;
    }

    private BigDecimal cost(int v, ProtectedVm vm, int g, int h, int rank) {
        HostType type = fleet.typeOf(h);
        BigDecimal cost = BigDecimal.valueOf((long) vm.standbyCpu() * type.cpuPrice()
                        + (long) vm.standbyMemory() * type.memoryPrice()
                        + (long) vm.disk() * type.diskPrice()
                        + fleet.linkCost(v, h))
                .add(times(sum(document.at("/muCpu/" + g)), vm.standbyCpu()))
                .add(times(sum(document.at("/muMem/" + g)), vm.standbyMemory()));
        boolean opens = vm.licence() >= 0
                && !fleet.licences().get(vm.licence()).licensedHosts().contains(h);
        String opening = "/nu/" + g + "/" + vm.licence();
        if (opens) {
            cost = cost.add(times(at(opening + "/d"), vm.disk()));
        }
        if (rank > 0 || vm.tier() != ProtectedVm.Tier.ZONE) {
            return cost;
        }
        int z = fleet.zoneOf(vm.host());
        for (int t = 0; t < fleet.periods(); t++) {
            BigDecimal price = at("/lambdaCpu/" + g + "/" + z + "/" + t).add(at("/muCpu/" + g + "/" + z + "/" + t));
            price = opens ? price.add(at(opening + "/c/" + z + "/" + t)) : price;
            cost = cost.add(times(price, Math.max(0, fleet.demand(v, t) - vm.standbyCpu())));
        }
        BigDecimal price = at("/lambdaMem/" + g + "/" + z).add(at("/muMem/" + g + "/" + z));
        price = opens ? price.add(at(opening + "/m/" + z)) : price;
        return cost.add(times(price, Math.max(0, vm.memory() - vm.standbyMemory())));
    }

    private BigDecimal at(String path) {
        return new BigDecimal(document.at(path).asDouble());
    }

    private static BigDecimal sum(JsonNode node) {
        if (node.isNumber()) {
            return new BigDecimal(node.asDouble());
        }
        BigDecimal sum = BigDecimal.ZERO;
        for (JsonNode part : node) {
            sum = sum.add(sum(part));
        }
        return sum;
    }

    private static BigDecimal times(BigDecimal price, long quantity) {
        return price.multiply(BigDecimal.valueOf(quantity));
    }
}
