package io.taffrail.cli.terminal;

import io.taffrail.log.text.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A view that is drawn again at an interval on the terminal's second screen, until a signal ends
 * the process. Drawn by the command's thread; a shutdown hook brings the first screen back,
 * and the lock keeps a drawing from following it.
 */
public final class Screen {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** Second screen, cursor hidden, long lines cut. */
    private static final String ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
    private static final String LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private static final String TO_START = "\u001b[H";
    private static final String ERASE_LINE_END = "\u001b[K";
    private static final String ERASE_BELOW = "\u001b[J";

    private final Output out = Output.standard();
    private final ReentrantLock drawing = new ReentrantLock();
    private final CountDownLatch ended = new CountDownLatch(1);

    private Screen() {}

    /**
     * Draws the view until the process is told to end. A failure of the first drawing
     * ends the command; later ones are shown, for the broker may come back.
     *
     * @param option
     *            the option or command that was used, for the error without a terminal
     * @param view
     *            prints the view to its argument
     */
    public static void show(String option, Duration interval, Consumer<Output> view) {
        if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
            throw Failure.usage("the interval must be between 100 ms and 1 day");
        }
        Screen screen = new Screen();
        Terminal terminal = screen.out.terminal();
        if (terminal.size().isEmpty()) {
            throw Failure.usage(option + " needs a terminal");
        }
        List<String> first = lines(terminal, view);
        screen.run(terminal, first, interval, view);
    }

    private void run(Terminal terminal, List<String> first, Duration interval,
            Consumer<Output> view) {
        Thread hook = new Thread(this::leave, "screen");
        Runtime.getRuntime().addShutdownHook(hook);
        Terminal now = terminal;
        List<String> lines = first;
        print(ENTER);
        try {
            do {
                print(frame(now, heading(now, interval), lines));
                if (ended.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                now = Terminal.standard();
                lines = linesOrFailure(now, view);
            } while (true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            leave();
        }
    }

    private static String heading(Terminal terminal, Duration interval) {
        String time = TIME.format(InstantSource.system().instant().atZone(ZoneId.systemDefault()));
        String text = time + "  every " + interval.toMillis() / 1000.0 + " s  Ctrl-C ends";
        return terminal.colours() ? Style.FAINT.mark(text) : text;
    }

    private static List<String> linesOrFailure(Terminal terminal, Consumer<Output> view) {
        try {
            return lines(terminal, view);
        } catch (RuntimeException e) {
            String text = "taffrail: " + Printable.of(e.getMessage());
            return List.of(terminal.colours() ? Style.BAD.mark(text) : text);
        }
    }

    static List<String> lines(Terminal terminal, Consumer<Output> view) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Output memory = new Output(bytes, terminal);
        view.accept(memory);
        memory.flush();
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The control sequences and text that replace the contents of a terminal by these lines. */
    static String frame(Terminal terminal, String heading, List<String> lines) {
        int room = terminal.size().orElse(new Terminal.Size(24, 80)).rows() - 1;
        StringBuilder frame = new StringBuilder(TO_START).append(heading).append(ERASE_LINE_END);
        boolean fits = lines.size() <= room;
        for (String line : fits ? lines : lines.subList(0, room - 1)) {
            frame.append("\r\n").append(line).append(ERASE_LINE_END);
        }
        if (!fits) {
            frame.append("\r\n").append(lines.size() - room + 1).append(" more lines")
                    .append(ERASE_LINE_END);
        }
        return frame.append(ERASE_BELOW).toString();
    }

    private void print(String text) {
        drawing.lock();
        try {
            if (ended.getCount() > 0) {
                out.print(text);
                out.flush();
            }
        } finally {
            drawing.unlock();
        }
    }

    /** Brings the first screen back, once. */
    private void leave() {
        drawing.lock();
        try {
            print(LEAVE);
            ended.countDown();
        } finally {
            drawing.unlock();
        }
    }
}
