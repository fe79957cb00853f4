package dev.shadow.examples.placement;

import dev.shadow.core.placement.plan.BindingLoad;
import dev.shadow.core.placement.plan.FleetInstance;
import dev.shadow.core.placement.plan.LicenceProduct;
import dev.shadow.core.placement.plan.ProtectedVm;
import dev.shadow.core.placement.plan.ShadowExplanation;
import dev.shadow.core.placement.plan.ShadowExplanation.Cost;
import dev.shadow.core.placement.plan.ShadowExplanation.Option;
import dev.shadow.core.placement.plan.ShadowExplanation.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says to a person why shadows are where a plan puts them. */
final class ExplanationText {
    private final FleetInstance fleet;
    private final ProtectedVm vm;
    private final int number;
    private final List<String> lines = new ArrayList<>();

    private ExplanationText(FleetInstance fleet, int number) {
        this.fleet = fleet;
        this.number = number;
        vm = fleet.vm(number);
    }

    static List<String> of(FleetInstance fleet, int vm, List<ShadowExplanation> shadows) {
        ExplanationText text = new ExplanationText(fleet, vm);
        text.head();
        shadows.forEach(text::shadow);
        return text.lines;
    }

    private void head() {
        lines.add("vm " + number + ": primary on " + place(vm.host()) + ", "
                + (vm.tier() == ProtectedVm.Tier.NONE
                        ? "no tier"
                        : "survives the loss of its " + vm.tier().name().toLowerCase(Locale.ROOT))
                + product().map(p -> ", runs " + p.name()).orElse(""));
        if (vm.shadows() == 0) {
            lines.add("It asks for no shadow.");
        }
    }

    private Optional<LicenceProduct> product() {
        return vm.licence() < 0
                ? Optional.empty()
                : Optional.of(fleet.licences().get(vm.licence()));
    }

    private String place(int host) {
        return "host " + host + " (zone " + fleet.zoneOf(host) + ", rack " + fleet.rackOf(host) + ")";
    }

    private void shadow(ShadowExplanation shadow) {
        String name = "shadow " + (shadow.rank() + 1) + " of " + vm.shadows();
        lines.add("");
        shadow.chosen()
                .ifPresentOrElse(
                        option -> chosen(name, option),
                        () -> lines.add(name + " has no host: no room was found for it"));
        others(shadow);
        for (Refused group : shadow.refused()) {
            refused(group);
        }
    }

    private void chosen(String name, Option option) {
        Cost cost = option.cost();
        lines.add(name + " is on " + place(option.host()) + " and costs " + credits(cost.total()) + " an hour there:");
        part("standby", cost.standby(), "cpu and memory that it uses while it waits");
        part("reserve", cost.reserve(), heldFor(option, cost.reserve()));
        part("disk", cost.disk(), vm.disk() + " GiB");
        product()
                .ifPresent(p -> part(
                        "licence",
                        cost.licence(),
                        cost.licence() == 0
                                ? "the host carries " + p.name() + " anyway"
                                : opens(p, option.host()) + " for " + p.name()));
        part(
                "replication",
                cost.replication(),
                vm.dirty() + " GiB an hour from zone " + fleet.zoneOf(vm.host()) + " to zone "
                        + fleet.zoneOf(option.host()));
        part("seeding", cost.seeding(), seeding(option));
        lines.add(String.format(
                Locale.ROOT,
                "  latency to its peer in zone %d is %,d us, the budget %,d us",
                vm.peerZone(),
                option.latencyMicros(),
                vm.latencyBudgetMicros()));
    }

    private void part(String name, long cost, String why) {
        lines.add(String.format(Locale.ROOT, "  %-12s %,14d  %s", name, cost, why));
    }

    private String opens(LicenceProduct product, int host) {
        return "opens the host, " + product.units(fleet.typeOf(host)) + " units";
    }

    private String seeding(Option option) {
        if (option.cost().seeding() == 0) {
            return vm.previous().contains(option.host()) ? "it was there before" : "nothing to copy";
        }
        boolean near = (vm.dataZones() >> fleet.zoneOf(option.host()) & 1) != 0;
        return near ? "from a copy of the volume in the same zone" : "from the nearest zone with a copy of the volume";
    }

    private static String heldFor(Option option, long reserve) {
        List<String> held = new ArrayList<>();
        option.cpuHeldFor().ifPresent(load -> held.add(cpu(load)));
        option.memoryHeldFor().ifPresent(load -> held.add(memory(load)));
        String events = held.isEmpty() ? "no event brings load here" : String.join("; ", held);
        return (reserve == 0 ? "what is held for others suffices; " : "") + events;
    }

    private static String cpu(BindingLoad load) {
        return String.format(
                Locale.ROOT,
                "%.2f cores are held for the %s in period %d",
                load.load() / 100.0,
                load.event(),
                load.period());
    }

    private static String memory(BindingLoad load) {
        return String.format(Locale.ROOT, "%,d MiB for the %s", load.load(), load.event());
    }

    private void others(ShadowExplanation shadow) {
        if (shadow.usable() == 0) {
            lines.add("  no other host could take it");
            return;
        }
        lines.add(shadow.usable() + " other hosts could take it; the cheapest:");
        for (Option other : shadow.others()) {
            String why = shadow.chosen()
                    .map(here -> difference(here, other))
                    .orElseGet(() -> credits(other.cost().total()) + " an hour");
            lines.add("  " + place(other.host()) + ": " + why);
        }
    }

    private static String difference(Option here, Option other) {
        long more = other.cost().total() - here.cost().total();
        Cost a = here.cost();
        Cost b = other.cost();
        List<String> parts = new ArrayList<>();
        difference(parts, "standby", b.standby() - a.standby());
        difference(parts, "reserve", b.reserve() - a.reserve());
        difference(parts, "disk", b.disk() - a.disk());
        difference(parts, "licence", b.licence() - a.licence());
        difference(parts, "replication", b.replication() - a.replication());
        difference(parts, "seeding", b.seeding() - a.seeding());
        String binding = b.reserve() > a.reserve() ? " (" + heldFor(other, b.reserve()) + ")" : "";
        return (more == 0
                        ? "the same cost"
                        : more > 0
                                ? credits(more) + " more"
                                : credits(-more) + " less; the search ended before it tried this")
                + (parts.isEmpty() ? "" : ": " + String.join(", ", parts))
                + binding;
    }

    private static void difference(List<String> parts, String name, long more) {
        if (more != 0) {
            parts.add(String.format(Locale.ROOT, "%s %+,d", name, more));
        }
    }

    private void refused(Refused group) {
        String constraints =
                group.constraints().stream().sorted().map(Enum::name).collect(Collectors.joining(" and "));
        lines.add(group.hosts() + " fail " + constraints + ", such as " + place(group.example()) + ": "
                + group.rejections().stream().map(r -> r.explanation()).collect(Collectors.joining("; ")));
    }

    private static String credits(long cost) {
        return String.format(Locale.ROOT, "%,d", cost);
    }
}
