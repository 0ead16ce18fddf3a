"""What people write: notes, reasons, agendas. Indonesian, because it is data and no text of a screen."""

from collections.abc import Mapping

from pendamping.instruments.definition import OwnerRole, Verification

OPENINGS = (
    "Kunjungan diterima dengan baik di kantor koperasi.",
    "Pertemuan berlangsung di gerai karena kantor sedang dipakai rapat RT.",
    "Bertemu pengurus di kantor kelurahan, lalu bersama-sama ke gerai.",
    "Pengurus sudah menyiapkan berkas sebelum pendamping datang.",
    "Kunjungan dimulai terlambat setengah jam karena hujan deras.",
    "Hanya sebagian pengurus yang dapat hadir; ketua sedang dinas luar kota.",
    "Warga cukup ramai berbelanja saat kunjungan berlangsung.",
)
FIRST_OPENINGS = (
    "Kunjungan perkenalan: menjelaskan alur pendampingan dan daftar periksa kepada pengurus.",
    "Pertemuan pertama dengan pengurus; disepakati jadwal kunjungan dua kali sebulan.",
)
TOPICS = (
    "Buku kas diperiksa lembar demi lembar; beberapa nota belum bernomor.",
    "Dibahas cara mencatat simpanan wajib supaya cocok dengan kartu anggota.",
    "Pengurus menanyakan syarat menjadi pangkalan LPG; dijelaskan berkas yang diminta.",
    "Daftar anggota dibandingkan dengan fotokopi KTP; masih ada yang domisilinya di kelurahan tetangga.",
    "Bendahara berlatih membuat rekonsiliasi bank dari rekening koran bulan lalu.",
    "Dibicarakan persiapan RAT: undangan, kuorum, dan susunan laporan.",
    "Stok beras dihitung bersama; selisih dua karung dicatat dan akan ditelusuri.",
    "Sekretaris memperlihatkan buku notulen; tiga rapat terakhir sudah tertulis.",
    "QRIS sudah dipasang di meja kasir, tetapi belum banyak dipakai pembeli.",
    "Pengawas hadir dan berjanji membuat laporan pemeriksaan setiap triwulan.",
    "Dibahas harga jual minyak goreng supaya tidak melewati HET.",
    "Pengurus meminta pelatihan pembukuan sederhana untuk dua orang kader.",
)
CLOSINGS = (
    "Kunjungan berikutnya disepakati dua minggu lagi.",
    "Pengurus diminta mengirim foto berkas lewat WhatsApp sebelum akhir pekan.",
    "Tindakan disepakati bersama dan dibacakan ulang sebelum pulang.",
    "Bendahara akan menindaklanjuti dengan pihak bank.",
    "Hasil kunjungan disampaikan juga kepada lurah.",
    "",
)
REMOTE = (
    "Pendampingan lewat panggilan video karena jalan menuju lokasi tergenang.",
    "Dilakukan lewat telepon; berkas dikirim sebagai foto.",
    "Konsultasi jarak jauh atas permintaan bendahara.",
)
POOR_NOTES: Mapping[Verification, tuple[str, ...]] = {
    Verification.DOCUMENT_SEEN: (
        "Berkas belum dapat ditunjukkan; masih disimpan pengurus lama.",
        "Ada, tetapi terakhir diisi dua bulan lalu.",
        "Masih berupa konsep tulisan tangan.",
        "Dijanjikan selesai sebelum kunjungan berikutnya.",
    ),
    Verification.SYSTEM_CHECK: ("Data di sistem belum diperbarui.", "Akun ada, kata sandinya hilang."),
    Verification.OBSERVATION: ("Belum terlihat saat kunjungan.", "Tempatnya masih dipakai untuk keperluan lain."),
    Verification.INTERVIEW: ("Menurut ketua masih dibahas di rapat pengurus.",),
}
GOOD_NOTES: Mapping[Verification, tuple[str, ...]] = {
    Verification.DOCUMENT_SEEN: ("Berkas asli diperlihatkan.", "Salinannya tersimpan rapi di map hijau."),
    Verification.SYSTEM_CHECK: ("Dicek langsung di sistem bersama sekretaris.",),
    Verification.OBSERVATION: ("Dilihat sendiri saat kunjungan.",),
    Verification.INTERVIEW: ("Dibenarkan oleh dua pengurus.",),
}
AGENDAS = (
    "Periksa buku kas dan simpanan",
    "Tindak lanjut rencana perbaikan",
    "Daftar periksa bulanan",
    "Pendampingan laporan bulanan",
    "Persiapan RAT",
    "Kemitraan dan gerai",
    "",
)
MOVED_BECAUSE = (
    "Pengurus ada rapat di kelurahan",
    "Hujan deras, jalan tergenang",
    "Dipanggil rapat di dinas",
    "Ketua minta diundur",
)
CANCELLED_BECAUSE = (
    "Pengurus berhalangan semua",
    "Pendamping sakit",
    "Bersamaan dengan kegiatan kota",
    "Gerai tutup karena ada keluarga yang berduka",
)
STARTED = ("Sudah mulai dikerjakan.", "Sedang dibicarakan di rapat pengurus.", "Menunggu berkas dari notaris.", "")
REPORTED = (
    "Sudah selesai, silakan diperiksa.",
    "Sudah kami kerjakan, buktinya ada di kantor.",
    "Selesai kemarin sore.",
    "Sudah lengkap menurut kami.",
)
SEEN_FROM_AFAR = ("Berkas yang dikirim lengkap dan terbaca.", "Dicek di sistem: datanya sudah sesuai.")
DISPUTED = (
    "Tenggatnya terlalu dekat dengan RAT; mohon diundur.",
    "Menurut kami ini tugas pengawas, bukan bendahara.",
    "Biayanya belum ada dalam rencana anggaran.",
)
SETTLED = (
    "Sudah dibicarakan dengan ketua: tetap dikerjakan, dibantu pendamping.",
    "Disepakati dikerjakan bertahap; bagian pertama dulu.",
)
PUT_OFF = (
    "Menunggu jadwal notaris.",
    "Pengurus sedang menyiapkan RAT.",
    "Berkas dari bank belum keluar.",
)
ASKED = (
    "Apakah boleh memakai format buku kas dari kelurahan?",
    "Formulirnya diambil di mana?",
    "Siapa saja yang harus menandatangani?",
    "Apakah cukup difoto, atau perlu dipindai?",
)
ANSWERED = (
    "Boleh, asalkan kolom saldo diisi setiap hari.",
    "Saya kirim lewat WhatsApp; contoh isinya ada di halaman dua.",
    "Ketua dan bendahara. Pengawas cukup diberi salinan.",
    "Foto yang terbaca jelas sudah cukup.",
)
"""Each answer stands at the place of its question."""
OWN_ACTIONS = (
    (
        "Pasang daftar harga di depan gerai",
        OwnerRole.DEPUTY_BUSINESS,
        "Daftar harga terlihat dari pintu gerai.",
    ),
    ("Buat grup WhatsApp anggota per RT", OwnerRole.SECRETARY, "Setiap RT mempunyai grup dan pengelolanya."),
    ("Undang pengawas ke rapat bulan depan", OwnerRole.CHAIR, "Pengawas tercatat hadir dalam notulen."),
)
"""What is thought of between two visits: title, whose it is, what proves it."""
CANCELLED = ("Tidak lagi diperlukan: digabung dengan tindakan lain.", "Gerai ini ditutup sementara.")
CORRECTED_BECAUSE = (
    "Salah ketuk saat mengisi di tablet.",
    "Setelah dicek ulang, berkasnya ternyata ada di lemari bendahara.",
    "Catatan tertukar dengan koperasi lain.",
)
ADDED = "Setelah kunjungan, bendahara mengirim salinan rekening koran yang waktu itu belum dapat diperlihatkan."

PROMOTED = (
    "Semua syarat terpenuhi; dibahas dalam rapat evaluasi bersama pendamping.",
    "Syarat diperiksa ulang bersama pengurus dan pendamping, lengkap.",
)
SET_ANYWAY = (
    "Gerai sudah melayani setiap hari; kekurangan administrasi dituntaskan lewat rencana perbaikan.",
    "Disepakati dalam rapat evaluasi; syarat yang tersisa masuk rencana perbaikan.",
)
CONFIRMED = (
    "Dicocokkan dengan data SIMKOPDES dan hasil kunjungan.",
    "Sesuai keadaan di lapangan menurut pendamping.",
    "Diperiksa bersama pengurus pada rapat koordinasi.",
)
DESIGNATED = ("Dipilih sebagai percontohan dalam rapat evaluasi dinas.", "Menjadi tempat belajar koperasi lain.")
WITHDRAWN = ("Ditunda sampai kekurangan prasyaratnya dilengkapi.",)
"""What the head writes when deciding about stages and designations."""


ASKED_AND_ANSWERED = (
    (
        "Tindakan ini sudah lama lewat tenggat. Apa kendalanya?",
        "Bendahara sakit tiga minggu. Pembukuan sudah kami mulai lagi bersama sekretaris, selesai akhir bulan.",
    ),
    (
        "Kapan tindakan yang terlambat ini bisa selesai?",
        "Menunggu tanda tangan ketua yang sedang di luar kota. Kami jadwalkan ulang pada kunjungan berikutnya.",
    ),
    (
        "Mohon kabar: mengapa belum ada kemajuan?",
        "Pengurus sepakat membagi tugas lagi. Saya dampingi langsung pekan depan.",
    ),
)
"""A question of the head's and what a facilitator answered."""
