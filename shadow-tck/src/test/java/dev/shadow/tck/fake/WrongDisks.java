package dev.shadow.tck.fake;

import dev.shadow.spi.InstanceId;
import java.util.List;

/** Changes disks behind the back of the replication, as a wrong engine does. */
public final class WrongDisks {
    private WrongDisks() {}

    /** A write that is on this disk alone. */
    public static void write(FakeDisks disks, InstanceId instance, long number) {
        disks.append(instance, List.of(number));
    }

    /** A disk that is emptied. */
    public static void wipe(FakeDisks disks, InstanceId instance) {
        disks.replace(instance, List.of());
    }
}
