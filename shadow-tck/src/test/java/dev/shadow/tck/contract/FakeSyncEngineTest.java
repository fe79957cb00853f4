package dev.shadow.tck.contract;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.sync.LinkLossPolicy;
import dev.shadow.spi.sync.SyncEngine;
import dev.shadow.spi.sync.SyncException;
import dev.shadow.spi.sync.SyncMethod;
import dev.shadow.spi.sync.SyncMode;
import dev.shadow.spi.sync.SyncSession;
import dev.shadow.spi.sync.SyncSpec;
import dev.shadow.tck.fake.FakeDisks;
import dev.shadow.tck.fake.FakeSyncEngine;
import dev.shadow.tck.time.VirtualTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

class FakeSyncEngineTest extends SyncEngineContract {
    private final VirtualTime time = VirtualTime.create();
    private final Map<String, Object> memory = Mutant.memoryOn(time);
    /** What the guest does and what the images hold; a mutant may stand before it. */
    interface Data {
        Future<?> write(int number);

        Set<Integer> onReplica();
    }

    private final InstanceId source = InstanceId.of("source");
    private final InstanceId target = InstanceId.of("target");
    private final HostId sourceHost = HostId.of("source-host");
    private final HostId targetHost = HostId.of("target-host");
    private final FakeDisks disks = FakeDisks.create();
    private final Data data = Mutant.in(Data.class, new RealData(), memory);
    private FakeSyncEngine fake = FakeSyncEngine.on(time, disks);

    FakeSyncEngineTest() {
        memory.put("disk.disks", disks);
        disks.add(source);
        disks.add(target);
    }

    private final class RealData implements Data {
        @Override
        public Future<?> write(int number) {
            return fake.write(source, number).acknowledged();
        }

        @Override
        public Set<Integer> onReplica() {
            return disks.content(target).orElseThrow().stream()
                    .map(Math::toIntExact)
                    .collect(Collectors.toSet());
        }
    }

    @Override
    protected SyncEngine engine() {
        FakeSyncEngine present = fake;
        SyncEngine handing = new SyncEngine() {
            @Override
            public SyncSession open(SyncSpec spec, Duration timeout) throws SyncException {
                return Mutant.in(SyncSession.class, present.open(spec, timeout), memory);
            }

            @Override
            public Optional<SyncSession> session(InstanceId to) {
                return present.session(to);
            }
        };
        return Mutant.in(SyncEngine.class, handing, memory);
    }

    @Override
    protected SyncSpec spec(SyncMode mode, LinkLossPolicy policy, long generation) {
        return new SyncSpec(
                VmId.of("vm"),
                source,
                sourceHost,
                target,
                targetHost,
                Generation.of(generation),
                SyncMethod.BLOCK,
                mode,
                policy,
                mode == SyncMode.SYNCHRONOUS ? Duration.ZERO : Duration.ofSeconds(1),
                Duration.ofSeconds(1));
    }

    @Override
    protected Future<?> write(int number) {
        return data.write(number);
    }

    @Override
    protected Set<Integer> onReplica() {
        return data.onReplica();
    }

    @Override
    protected void cutLink() {
        fake.cutLink(sourceHost, targetHost);
    }

    @Override
    protected void healLink() {
        fake.healLink(sourceHost, targetHost);
    }

    @Override
    protected void killSource() {
        fake.hostDown(sourceHost);
    }

    @Override
    protected void killTarget() {
        fake.hostDown(targetHost);
    }

    @Override
    protected void crashAndReopen() {
        fake = fake.reopen();
        Mutant.crash(memory);
    }

    @Override
    protected void corruptReplica() {
        fake.corrupt(target);
    }

    @Override
    protected Duration patience() {
        return Duration.ofMillis(100);
    }

    @Override
    protected void settle() {
        time.advance(Duration.ofMillis(500));
    }

    @Override
    protected long nanoTime() {
        return time.nanoTime();
    }

    @Override
    protected void letPass(Duration duration) {
        time.advance(duration);
    }
}
