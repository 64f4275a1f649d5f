/** The mark and the word. Own drawing; `favicon.svg` is the same shape. */

export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        fill="#1c6dd0"
        d="M8 3h16a6 6 0 0 1 6 6v9a6 6 0 0 1-6 6h-7.2l-6 5.1A1.1 1.1 0 0 1 9 28.3V24H8a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6Z"
      />
      <path
        fill="none"
        stroke="#fff"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
        d="M11 9.5h10l-10 8h10"
      />
    </svg>
  );
}

export function Logo({ size = 28 }: { size?: number }) {
  return (
    <span style={{ display: "inline-flex", alignItems: "center", gap: size * 0.36 }}>
      <Mark size={size} />
      <span style={{ fontSize: size * 0.75, fontWeight: 700, letterSpacing: "-0.01em" }}>Zuruf</span>
    </span>
  );
}
