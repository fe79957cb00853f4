package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.boundToOneThread;
import static dev.shadow.tck.contract.Mutant.confusing;
import static dev.shadow.tck.contract.Mutant.outlasting;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.VmId;
import dev.shadow.spi.inventory.Inventory;
import dev.shadow.spi.inventory.VmDescription;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A wrong inventory for every rule. */
final class InventoryMutants {
    private InventoryMutants() {}

    private static Mutant on(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, Inventory.class, method, mistake);
    }

    private static Mistake hosts(java.util.function.Consumer<List<Object>> change) {
        return call -> {
            List<Object> hosts = new ArrayList<>((List<?>) Objects.requireNonNull(call.proceed()));
            change.accept(hosts);
            return hosts;
        };
    }

    static List<Mutant> all() {
        return List.of(
                on("hosts", "listsEveryHostOnce", hosts(hosts -> hosts.add(hosts.get(0)))),
                on("hosts", "listsHostsInAStableOrder", call -> {
                    List<Object> hosts = new ArrayList<>((List<?>) Objects.requireNonNull(call.proceed()));
                    if (call.count() % 2 == 0) {
                        Collections.reverse(hosts);
                    }
                    return hosts;
                }),
                on(
                        "vm",
                        "describesAKnownVirtualMachineOnAListedHost",
                        call -> ((Optional<?>) Objects.requireNonNull(call.proceed()))
                                .map(VmDescription.class::cast)
                                .map(vm -> new VmDescription(
                                        VmId.of("another"),
                                        vm.instance(),
                                        vm.host(),
                                        vm.size(),
                                        vm.licenses(),
                                        vm.dataSets()))),
                on("vm", "knowsNothingOfAnUnknownVirtualMachine", call -> {
                    Optional<?> found = (Optional<?>) Objects.requireNonNull(call.proceed());
                    return Optional.of(found.orElseThrow());
                }),
                on("vm", "callsMayOverlap", boundToOneThread()),
                on(
                        "latency",
                        "latencyOfAHostToItselfIsZero",
                        call -> call.args()[0].equals(call.args()[1]) ? Duration.ofMillis(1) : call.proceed()),
                on(
                        "latency",
                        "latencyBetweenHostsIsNotNegative",
                        call -> ((Duration) Objects.requireNonNull(call.proceed())).negated()),
                on("latency", "latencyToAnUnknownHostIsRefusedForGood", confusing("is unknown")),
                on("hosts", "unreachableInventoryFailsInsteadOfListingNoHosts", swallowing("timed out", List.of())),
                on(
                        "vm",
                        "unreachableInventoryFailsInsteadOfForgettingAVirtualMachine",
                        swallowing("timed out", Optional.empty())),
                on("hosts", "noCallOutlastsItsTimeOut", outlasting()));
    }
}
