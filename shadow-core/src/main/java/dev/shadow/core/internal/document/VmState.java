package dev.shadow.core.internal.document;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.VmId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the control plane knows of one virtual machine beside its profile. Owned by the work on that machine. */
public final class VmState {
    private final VmId vm;

    /** The instance that serves; empty before the inventory told. */
    public Optional<Serving> primary = Optional.empty();

    /** What the inventory said last; only a change of it can move the primary after a failover. */
    public Optional<Serving> inventory = Optional.empty();

    /** The write history that the primary leads. */
    public Generation generation = Generation.INITIAL;

    /** The highest generation ever given to a failover. */
    public Generation issued = Generation.INITIAL;

    /** Number of the next replica. */
    public long nextReplica = 1;

    /** Number of the next failover. */
    public long nextFailover = 1;

    /** Why the primary cannot be left serving although nobody may have noticed; empty if it can. */
    public String mustFailOver = "";

    /** Whether a fence of the primary was tried and not confirmed, so that it may be held. */
    public boolean fenceTried;

    /** Old primaries, and whether they are to be removed. */
    public final Map<Serving, Boolean> stale = new java.util.LinkedHashMap<>();

    /** Memory of the triggers. */
    public final List<TriggerMemory> triggers = new ArrayList<>();

    /** Hosts that are left out for a while. */
    public final Map<HostId, Instant> excluded = new TreeMap<>();

    /** Measured warm-up of the last replica that became ready. */
    public Optional<Duration> warmUp = Optional.empty();

    private VmState(VmId vm) {
        this.vm = vm;
    }

    /** Returns the state of a machine that nothing is known of. */
    public static VmState blank(VmId vm) {
        return new VmState(vm);
    }

    /** The virtual machine. */
    public VmId vm() {
        return vm;
    }

    /** Returns the state as text. */
    public String write() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("vm", vm.value());
        primary.ifPresent(p -> node.set("primary", p.write()));
        inventory.ifPresent(p -> node.set("inventory", p.write()));
        node.put("generation", generation.value());
        node.put("issued", issued.value());
        node.put("nextReplica", nextReplica);
        node.put("nextFailover", nextFailover);
        node.put("mustFailOver", mustFailOver);
        node.put("fenceTried", fenceTried);
        ArrayNode old = node.putArray("stale");
        stale.forEach((instance, remove) -> old.add(instance.write().put("remove", remove)));
        ArrayNode memories = node.putArray("triggers");
        triggers.forEach(memory -> memories.add(memory.write()));
        ArrayNode out = node.putArray("excluded");
        excluded.forEach(
                (host, until) -> out.addObject().put("host", host.value()).put("until", until.toString()));
        warmUp.ifPresent(d -> node.put("warmUp", d.toString()));
        return node.toString();
    }

    /** Reads a state. */
    public static VmState read(String json) {
        return Documents.read("state of a virtual machine", json, VmState::read);
    }

    private static VmState read(Fields fields) {
        VmState state = new VmState(fields.identity("vm", VmId.of("vm"), VmId::of));
        state.primary = fields.optionalObject("primary", Serving::read);
        state.inventory = fields.optionalObject("inventory", Serving::read);
        state.generation = Generation.of(fields.requiredLong("generation"));
        state.issued = Generation.of(fields.requiredLong("issued"));
        state.nextReplica = fields.requiredLong("nextReplica");
        state.nextFailover = fields.requiredLong("nextFailover");
        state.mustFailOver = fields.text("mustFailOver");
        state.fenceTried = fields.flag("fenceTried", false);
        var unused = fields.objects("stale", f -> state.stale.put(Serving.read(f), f.flag("remove", false)) == null);
        state.triggers.addAll(fields.objects("triggers", TriggerMemory::read));
        var unusedToo = fields.objects(
                "excluded",
                f -> state.excluded.put(f.identity("host", HostId.of("host"), HostId::of), f.requiredInstant("until"))
                        == null);
        state.warmUp = fields.optionalDuration("warmUp");
        return state;
    }
}
