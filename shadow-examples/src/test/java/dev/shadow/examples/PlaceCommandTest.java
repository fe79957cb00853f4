package dev.shadow.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlaceCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path directory;

    private int place(String instance, String... more) {
        String[] args = new String[5 + more.length];
        System.arraycopy(
                new String[] {
                    "place",
                    "--instance",
                    instance,
                    "--out",
                    directory.resolve("plan").toString()
                },
                0,
                args,
                0,
                5);
        System.arraycopy(more, 0, args, 5, more.length);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    @Test
    void aTextThatIsNoFleetIsRefusedInOneLine() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "# no fleet");

        assertThat(place(text.toString())).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("shadow place: " + text + " must be a JSON document")
                .hasLineCount(1);
        assertThat(directory.resolve("plan")).doesNotExist();
    }

    @Test
    void aMissingFleetIsNamed() {
        assertThat(place("/no/such/fleet.json")).isEqualTo(3);
        assertThat(err.toString()).contains("/no/such/fleet.json").hasLineCount(1);
    }

    @Test
    void nonsenseThreadsAreRefused() {
        assertThat(place("/no/such/fleet.json", "--threads", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--threads must be from 1 to 256, was 0");
    }

    /** Three zones of one host each; the machine in the first asks for a shadow out of its zone, near the second. */
    private String threeHosts() throws IOException {
        return Files.writeString(directory.resolve("fleet.json"), """
                        {"format":"shadow-placement/1","name":"three <hosts>","periods":2,
                         "azs":{"count":3,"latencyUs":[[1,5,9],[5,1,5],[9,5,1]],
                                "transferPrice":[[0,2,4],[2,0,2],[4,2,0]]},
                         "racks":{"az":[0,1,2]},"hosts":{"rack":[0,1,2],"type":[0,0,0]},
                         "hostTypes":[{"capacity":[1600,4096,100],"cores":16,"sockets":1,"reservePrice":[3,2,1]}],
                         "licences":[],"profiles":[[500,1000]],"failures":{"az":1,"rack":1,"hosts":1},
                         "weights":{"horizonHours":24,"movePrice":7},
                         "vms":{"host":[0,2],"tier":[3,0],"shadows":[1,0],"cpu":[400,100],"mem":[1024,4000],
                                "disk":[10,1],"profile":[0,0],"standbyCpu":[10,0],"standbyMem":[256,0],
                                "licence":[-1,-1],"latencyBudgetUs":[4,9],"peerAz":[1,1],"group":[-1,-1],
                                "dataAz":[1,1],"dirty":[3,1],"prevShadows":[[],[]]}}
                        """).toString();
    }

    @Test
    void theHostOfAShadowIsExplainedAndEveryOtherRefusedWithAllItsReasons() throws IOException {
        assertThat(place(threeHosts(), "--steps", "10", "--explain", "0")).isZero();

        assertThat(err.toString().lines())
                .contains(
                        "vm 0: primary on host 0 (zone 0, rack 0), survives the loss of its zone",
                        "shadow 1 of 1 is on host 1 (zone 1, rack 1) and costs 3,271 an hour there:")
                .anyMatch(
                        line -> line.matches(" +reserve +2,706  3.90 cores are held for the loss of zone 0 in period 1;"
                                + " 768 MiB for the loss of zone 0"))
                .contains(
                        "1 fail FAILURE_DOMAIN and LATENCY, such as host 0 (zone 0, rack 0): is the primary's own host;"
                                + " latency to the peer's zone is 5 us, the budget 4 us")
                .contains(
                        "1 fail CAPACITY and LATENCY, such as host 2 (zone 2, rack 2): memory: needs 1024 MiB, 96 free;"
                                + " latency to the peer's zone is 5 us, the budget 4 us");
        assertThat(out.toString()).startsWith("{").hasLineCount(1);
    }

    @Test
    void anUnknownMachineToExplainIsRefusedInOneLine() throws IOException {
        assertThat(place(threeHosts(), "--explain", "2")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--explain must name one of the 2 machines, counted from 0, was 2")
                .hasLineCount(1);
    }
}
